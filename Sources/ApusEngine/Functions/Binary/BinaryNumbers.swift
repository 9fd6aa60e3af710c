import ApusPlanner
import ApusValues
import ApusVectors

/// `to_big_endian_32(x)`, `to_big_endian_64(x)`, `to_ieee754_32(x)`, `to_ieee754_64(x)` and back by
/// `from_…(binary)`: the bytes of numbers, the most significant first.
enum BinaryNumbers: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("to_big_endian_32(258)", "00 00 01 02"),
      FunctionExample("from_big_endian_32(X'00000102')", "258"),
      FunctionExample("to_big_endian_64(258)", "00 00 00 00 00 00 01 02"),
      FunctionExample("from_big_endian_64(X'0000000000000102')", "258"),
      FunctionExample("to_ieee754_32(REAL '1.0')", "3f 80 00 00"),
      FunctionExample("from_ieee754_32(X'3f800000')", "1.0"),
      FunctionExample("to_ieee754_64(DOUBLE '1.0')", "3f f0 00 00 00 00 00 00"),
      FunctionExample("from_ieee754_64(X'3ff0000000000000')", "1.0"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    writing("to_big_endian_32", .integer, "an integer") { (value: Int32) in bigEndianBytes(value) },
    writing("to_big_endian_64", .bigint, "a bigint") { (value: Int64) in bigEndianBytes(value) },
    // Java has one NaN only.
    writing("to_ieee754_32", .real, "a real (IEEE 754)") { (value: Float) in
      bigEndianBytes(value.isNaN ? 0x7fc0_0000 : value.bitPattern)
    },
    writing("to_ieee754_64", .double, "a double (IEEE 754)") { (value: Double) in
      bigEndianBytes(value.isNaN ? 0x7ff8_0000_0000_0000 : value.bitPattern)
    },
    reading("from_big_endian_32", .integer, "an integer", expected("4-byte")) { (bits: UInt32) in
      Int32(bitPattern: bits)
    },
    reading("from_big_endian_64", .bigint, "a bigint", expected("8-byte")) { (bits: UInt64) in
      Int64(bitPattern: bits)
    },
    reading("from_ieee754_32", .real, "a real (IEEE 754)", floating("4 bytes")) { (bits: UInt32) in
      Float(bitPattern: bits)
    },
    reading("from_ieee754_64", .double, "a double (IEEE 754)", floating("8 bytes")) {
      (bits: UInt64) in
      Double(bitPattern: bits)
    },
  ]

  private static func expected(_ size: String) -> @Sendable (Int) -> String {
    { count in "expected \(size) input, but got instead: \(count)" }
  }

  private static func floating(_ size: String) -> @Sendable (Int) -> String {
    { _ in "Input floating-point value must be exactly \(size) long" }
  }

  private static func writing<Input: BitwiseCopyable>(
    _ name: String,
    _ type: SQLType,
    _ what: String,
    _ bytes: @escaping @Sendable (Input) -> [UInt8]
  ) -> ScalarOverload {
    .text(.binary(name, [.type(type)], "Returns the bytes of \(what), the highest first.")) {
      arguments in
      let numbers = arguments[0].operand(as: Input.self)
      return { row, heap throws(SQLError) -> StringView? in heap.store(bytes(numbers[row])) }
    }
  }

  private static func reading<Bits: FixedWidthInteger & BitwiseCopyable, Output: BitwiseCopyable>(
    _ name: String,
    _ type: SQLType,
    _ what: String,
    _ message: @escaping @Sendable (Int) -> String,
    _ number: @escaping @Sendable (Bits) -> Output
  ) -> ScalarOverload {
    .rows(
      FunctionSignature(
        name,
        [.type(.varbinary)],
        returns: .type(type),
        summary: "Reads \(what) from its bytes, the highest first."
      )
    ) { arguments in
      let binary = arguments[0].texts
      return { row throws(SQLError) -> Output? in
        let bytes = binary.bytes(row)
        guard bytes.count == Bits.bitWidth / 8 else {
          throw invalidArgument(message(bytes.count))
        }
        return number(bytes.littleEndian(at: 0, as: Bits.self).byteSwapped)
      }
    }
  }
}
