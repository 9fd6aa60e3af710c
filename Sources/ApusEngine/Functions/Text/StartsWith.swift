import ApusPlanner
import ApusValues
import ApusVectors

#if canImport(Glibc)
  import Glibc
#endif

/// `starts_with(text, prefix)`.
enum StartsWith: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("starts_with('s3://lake/gold', 's3://')", "true")
    ]
  }

  static let overloads: [ScalarOverload] = [
    .rows(
      FunctionSignature(
        "starts_with",
        [.anyVarchar, .anyVarchar],
        returns: .type(.boolean),
        summary: "Returns whether a text begins with another."
      )
    ) { arguments in
      let text = arguments[0].texts
      let prefix = arguments[1].texts
      return { row throws(SQLError) -> UInt8? in
        let bytes = text.bytes(row)
        let start = prefix.bytes(row)
        guard bytes.count >= start.count else { return 0 }
        guard let left = bytes.baseAddress, let right = start.baseAddress else { return 1 }
        return bit(memcmp(left, right, start.count) == 0)
      }
    }
  ]
}
