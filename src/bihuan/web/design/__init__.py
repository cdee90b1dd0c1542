"""The gallery: every component with awkward data, and four pages drawn before they were built. Demo mode only."""
