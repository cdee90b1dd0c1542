"""Every reliability test is shown red on a fault planted for it: a test that cannot fail proves nothing."""
