"""Stages at addresses (s3://bucket/prefix): one small interface to storages, working copies, and sending them back."""
