"""Call lists and leads: phone numbers, their time zones, and lists that come as CSV."""
