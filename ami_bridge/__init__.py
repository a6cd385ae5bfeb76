"""Asterisk <-> our words: one supervised AMI link, facts out, commands in."""
