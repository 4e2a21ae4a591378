/// How many entries a list answers: what was asked for, at least 1 and at most 100.
func pageSize(_ asked: UInt8) -> Int { min(max(Int(asked), 1), 100) }
