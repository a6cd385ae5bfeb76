"""How soon a fact at the bridge is a pixel in a browser."""
