import ApusPlanner
import ApusValues
import ApusVectors

/// Arrays as sets: `array_distinct`, `array_union`, `array_intersect`, `array_except`, each element once
/// in the order in which it comes first, NULL being a value; and `arrays_overlap`.
enum ArraySets: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("arrays_overlap(ARRAY[1, 2], ARRAY[2, 3])", "true"),
      FunctionExample("array_distinct(ARRAY[1, 2, 1, NULL, NULL])", "[1, 2, null]"),
      FunctionExample("array_except(ARRAY[1, 2, 3], ARRAY[2])", "[1, 3]"),
      FunctionExample("array_intersect(ARRAY[1, 2, 3], ARRAY[3, 1])", "[1, 3]"),
      FunctionExample("array_union(ARRAY[1, 2], ARRAY[2, 3])", "[1, 2, 3]"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .picking(
      "array_distinct",
      [.array(.same(0))],
      summary: "Returns the elements of an array, each once."
    ) { picked, _ throws(SQLError) in
      let codes = try picked.codes()
      var marks = CodeMarks(codes)
      return { row, output throws(SQLError) in
        for position in picked.range(0, row) where marks.insert(codes[position], row) {
          output.append(Int32(truncatingIfNeeded: position))
        }
      }
    },
    .picking(
      "array_union",
      [.array(.same(0)), .array(.same(0))],
      summary: "Returns the elements of two arrays, each once."
    ) { picked, _ throws(SQLError) in
      let codes = try picked.codes()
      var marks = CodeMarks(codes)
      return { row, output throws(SQLError) in
        for argument in 0..<2 {
          for position in picked.range(argument, row) where marks.insert(codes[position], row) {
            output.append(Int32(truncatingIfNeeded: position))
          }
        }
      }
    },
    .picking(
      "array_intersect",
      [.array(.same(0)), .array(.same(0))],
      summary: "Returns the elements that are in both arrays, each once."
    ) { picked, _ throws(SQLError) in
      let codes = try picked.codes()
      var there = CodeMarks(codes)
      var marks = CodeMarks(codes)
      return { row, output throws(SQLError) in
        for position in picked.range(1, row) { _ = there.insert(codes[position], row) }
        for position in picked.range(0, row)
        where there.contains(codes[position], row) && marks.insert(codes[position], row) {
          output.append(Int32(truncatingIfNeeded: position))
        }
      }
    },
    .picking(
      "array_except",
      [.array(.same(0)), .array(.same(0))],
      summary: "Returns the elements of one array that are not in another, each once."
    ) { picked, _ throws(SQLError) in
      let codes = try picked.codes()
      var marks = CodeMarks(codes)
      return { row, output throws(SQLError) in
        for position in picked.range(1, row) { _ = marks.insert(codes[position], row) }
        for position in picked.range(0, row) where marks.insert(codes[position], row) {
          output.append(Int32(truncatingIfNeeded: position))
        }
      }
    },
    ScalarOverload(
      FunctionSignature(
        "arrays_overlap",
        [.array(.same(0)), .array(.same(0))],
        returns: .type(.boolean),
        summary: "Returns whether two arrays have an element in common, NULL if only a NULL may be."
      )
    ) { call throws(SQLError) in
      let element = try call.elementType(0)
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let picked = PickedElements(Array(arguments.prefix(2)), element, rows: rows)
        let codes = try picked.codes()
        var marks = CodeMarks(codes)
        return mapRows(arguments, to: .boolean, rows: rows, range: nil, errors: &errors) {
          (row: Int) throws(SQLError) -> UInt8? in
          overlap(picked, codes, &marks, row).map { bit($0) }
        }
      }
    },
  ]

  private static func overlap(
    _ picked: PickedElements,
    _ codes: [Int32],
    _ marks: inout CodeMarks,
    _ row: Int
  ) -> Bool? {
    let first = picked.range(0, row)
    let second = picked.range(1, row)
    if first.isEmpty || second.isEmpty { return false }
    var hasNull = false
    for position in first {
      if picked.elements.isNull(position) {
        hasNull = true
      } else {
        _ = marks.insert(codes[position], row)
      }
    }
    for position in second {
      if picked.elements.isNull(position) {
        hasNull = true
      } else if marks.contains(codes[position], row) {
        return true
      }
    }
    return hasNull ? nil : false
  }
}
