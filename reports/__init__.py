"""Figures for people: sums over call records, each with its definition."""
