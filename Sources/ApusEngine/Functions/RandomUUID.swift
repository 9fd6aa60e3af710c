import ApusPlanner
import ApusValues
import ApusVectors

/// `uuid()`: another random UUID (RFC 9562, version 4) for every row.
///
///     uuid()  →  12151fd2-7586-41e9-8f9e-2a86e4085a59
enum RandomUUID: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("length(CAST(uuid() AS VARCHAR))", "36")
    ]
  }

  static let overloads = [
    ScalarOverload(
      FunctionSignature(
        "uuid",
        [],
        returns: .type(.uuid),
        isDeterministic: false,
        summary: "Returns a random UUID."
      )
    ) { _ throws(SQLError) in
      BatchEvaluator { _, rows, _ throws(SQLError) in
        let builder = VectorBuilder(type: .uuid, capacity: rows.rowCount)
        let output = builder.values(as: Int128.self)
        var generator = SystemRandomNumberGenerator()
        for row in 0..<rows.rowCount { output[row] = random(&generator) }
        return builder.finish(count: rows.rowCount)
      }
    }
  ]

  private static func random(_ generator: inout SystemRandomNumberGenerator) -> Int128 {
    // The version is four bits of the upper half, the variant two of the lower.
    let high = generator.next() & 0xffff_ffff_ffff_0fff | 0x4000
    let low = generator.next() & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000
    return Int128(ordered: bigEndianBytes(high) + bigEndianBytes(low))
  }
}
