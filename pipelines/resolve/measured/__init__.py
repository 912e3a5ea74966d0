"""Which figures answer one question: what is measured, where, when and in which dimension."""
