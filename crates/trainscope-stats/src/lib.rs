//! Arrays to facts: pyramids over series. Pure.
