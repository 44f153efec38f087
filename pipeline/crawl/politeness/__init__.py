"""What a publisher allows and at which pace it is asked: robots.txt, delays, what a run says of itself."""
