"""One bad text costs itself: a budget of time, faults told apart by sentence, rows held to their contract, workers that may die."""
