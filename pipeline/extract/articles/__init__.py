"""Articles and posts: which part of a page carries them, and their title, day, body, labels and credit."""
