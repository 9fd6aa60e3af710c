import ApusPlanner
import ApusValues
import ApusVectors

/// Arrays of an array's elements: `array_remove`, `slice`, `trim_array`, `reverse`,
/// `shuffle`.
enum ArrayRearrangement: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("array_remove(ARRAY[1, 2, 1, NULL], 1)", "[2, null]"),
      FunctionExample("slice(ARRAY[1, 2, 3, 4], 2, 2)", "[2, 3]"),
      FunctionExample("slice(ARRAY[1, 2, 3, 4], -2, 2)", "[3, 4]"),
      FunctionExample("trim_array(ARRAY[1, 2, 3, 4], 1)", "[1, 2, 3]"),
      FunctionExample("shuffle(ARRAY[7, 7])", "[7, 7]"),
      FunctionExample("reverse(ARRAY[1, 2, 3])", "[3, 2, 1]"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .picking(
      "array_remove",
      [.array(.same(0)), .same(0)],
      summary: "Returns an array without the elements that are equal to a value."
    ) { picked, arguments throws(SQLError) in
      let owners = picked.parts[0].rows
      let beside = owners.withUnsafeBufferPointer { arguments[1].gather($0) }
      let isEqual = compareVectors(
        .equal,
        picked.elements,
        beside,
        rows: .all(picked.elements.count)
      )
      return { row, output throws(SQLError) in
        for position in picked.range(0, row)
        where isEqual.isNull(position) || isEqual.value(position) != .boolean(true) {
          output.append(Int32(truncatingIfNeeded: position))
        }
      }
    },
    .picking(
      "slice",
      [.array(.same(0)), .type(.bigint), .type(.bigint)],
      summary: """
        Returns n elements from a position on, which counts from 1, or from the end if negative.
        """
    ) { picked, arguments throws(SQLError) in
      let starts = arguments[1].bigints
      let lengths = arguments[2].bigints
      return { row, output throws(SQLError) in
        let all = picked.range(0, row)
        let (start, length) = (starts[row], lengths[row])
        guard length >= 0 else {
          throw invalidArgument("length must be greater than or equal to 0")
        }
        guard start != 0 else { throw invalidArgument("SQL array indices start at 1") }
        let first = start > 0 ? start - 1 : Int64(all.count) + start
        guard first >= 0, first < all.count else { return }
        let count = min(length, Int64(all.count) - first)
        output.append((all.lowerBound + Int(first))..<(all.lowerBound + Int(first + count)))
      }
    },
    .picking(
      "trim_array",
      [.array(.same(0)), .type(.bigint)],
      summary: "Returns an array without its last n elements."
    ) { picked, arguments throws(SQLError) in
      let counts = arguments[1].bigints
      return { row, output throws(SQLError) in
        let all = picked.range(0, row)
        guard counts[row] >= 0 else {
          throw invalidArgument("size must not be negative: \(counts[row])")
        }
        guard counts[row] <= all.count else {
          throw invalidArgument(
            "size must not exceed array cardinality \(all.count): \(counts[row])"
          )
        }
        output.append(all.dropLast(Int(counts[row])))
      }
    },
    .picking(
      "reverse",
      [.array(.same(0))],
      summary: "Returns the elements of an array in reverse order."
    ) { picked, _ throws(SQLError) in
      { row, output throws(SQLError) in
        for position in picked.range(0, row).reversed() {
          output.append(Int32(truncatingIfNeeded: position))
        }
      }
    },
    .picking(
      "shuffle",
      [.array(.same(0))],
      isDeterministic: false,
      summary: "Returns the elements of an array in a random order."
    ) { picked, _ throws(SQLError) in
      { row, output throws(SQLError) in
        for position in picked.range(0, row).shuffled() {
          output.append(Int32(truncatingIfNeeded: position))
        }
      }
    },
  ]
}
