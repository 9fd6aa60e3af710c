import ApusPlanner
import ApusValues
import ApusVectors

/// `hash_counts(digest)`: the hashes that a SetDigest keeps, with how often each came.
///
///     hash_counts(make_set_digest(x)) FROM (VALUES 1, 1, 2) AS t (x)
///       →  {-2447670524089286488=1, 19144387141682250=2}
enum HashCounts: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        """
        SELECT cardinality(hash_counts(make_set_digest(x)))
        FROM (VALUES 'a', 'a', 'b') AS t(x)
        """,
        "2"
      ),
      FunctionExample(
        """
        SELECT map_values(hash_counts(make_set_digest(x)))
        FROM (VALUES 'a', 'a', 'a') AS t(x)
        """,
        "[3]"
      ),
    ]
  }

  static let overloads = [
    ScalarOverload(
      FunctionSignature(
        "hash_counts",
        [.type(.setDigest)],
        returns: .type(.map(key: .bigint, value: .smallint)),
        summary: "Returns the hashes of values (MurmurHash3) with how often each came."
      )
    ) { call throws(SQLError) in
      let type = call.function.returnType
      let range = call.range
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let digests = arguments[0].decoded
        defer { extendLifetime(digests) }
        var column = SketchColumn<SetDigest>(digests)
        var entries: [(hash: Int64, count: Int16)] = []
        var ends: [Int32] = []
        var isValid = [UInt8](repeating: 0, count: rows.rowCount)
        rows.visit { row in isValid[row] = digests.isNull(row) ? 0 : 1 }
        for row in 0..<rows.rowCount {
          if isValid[row] != 0 {
            do throws(SQLError) {
              entries += try column.sketch(row).hashCounts
            } catch {
              isValid[row] = 0
              errors.record(error.located(at: range), row: row)
            }
          }
          ends.append(Int32(truncatingIfNeeded: entries.count))
        }
        let keys = flat(entries.map(\.hash), .bigint)
        let values = flat(entries.map(\.count), .smallint)
        return .maps(
          keys: .arrays(
            ArrayElements(ends: ends, elements: keys),
            type: .array(.bigint),
            validity: isValid
          ),
          values: .arrays(
            ArrayElements(ends: ends, elements: values),
            type: .array(.smallint),
            validity: isValid
          ),
          type: type
        )
      }
    }
  ]

  private static func flat<Element>(_ values: [Element], _ type: SQLType) -> ColumnVector {
    let builder = VectorBuilder(type: type, capacity: values.count)
    let output = builder.values(as: Element.self)
    for (index, value) in values.enumerated() { output[index] = value }
    return builder.finish(count: values.count)
  }
}
