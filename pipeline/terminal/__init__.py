"""What people see: tables that fit, progress, and texts that cannot steer a terminal."""
