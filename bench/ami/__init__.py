"""What reading AMI costs, ours against panoramisk's and against the least that is possible."""
