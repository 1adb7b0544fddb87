print("exhaust")
