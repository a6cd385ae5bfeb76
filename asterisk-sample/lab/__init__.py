"""Real Asterisks on loopback: the sample PBX, a simulated carrier and robot agents."""
