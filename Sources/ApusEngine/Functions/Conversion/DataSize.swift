import ApusPlanner
import ApusValues
import ApusVectors

/// `parse_data_size(text)`, also called `parse_presto_data_size`: bytes of `2.3MB`, in powers of 1024.
enum DataSize: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("parse_data_size('2.3MB')", "2411724"),
      FunctionExample("parse_presto_data_size('1kB')", "1024"),
    ]
  }

  private static let units = ["B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"]

  static let overloads: [ScalarOverload] = ["parse_data_size", "parse_presto_data_size"].map {
    name in
    .rows(
      FunctionSignature(
        name,
        [.anyVarchar],
        returns: .type(.decimal(precision: 38, scale: 0)),
        summary: "Returns the number of bytes of a size such as 2.3MB; a kB has 1024."
      )
    ) { arguments in
      let text = arguments[0].texts
      return { row throws(SQLError) -> Int128? in try parse(text[row].string) }
    }
  }

  private static func parse(_ text: String) throws(SQLError) -> Int128 {
    let digits = text.prefix { ("0"..."9").contains($0) || $0 == "." }
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    guard digits.contains(where: { $0 != "." }), parts.count <= 2,
      let power = units.firstIndex(of: String(text[digits.endIndex...]))
    else { throw invalidArgument("Invalid data size: '\(text)'") }
    let factor = Int128(1) << Int128(10 * power)
    guard let whole = scaled(parts[0], by: factor) else { throw outOfRange(text) }
    let fraction = parts.count == 2 ? self.fraction(parts[1], of: factor) : 0
    guard Decimal.fits(whole + fraction, precision: 38) else { throw outOfRange(text) }
    return whole + fraction
  }

  /// - Returns: nil past the range of a decimal.
  private static func scaled(_ digits: Substring, by factor: Int128) -> Int128? {
    guard let number = digits.isEmpty ? 0 : Int128(digits) else { return nil }
    let (product, overflow) = number.multipliedReportingOverflow(by: factor)
    return overflow || !Decimal.fits(product, precision: 38) ? nil : product
  }

  /// The whole part of `0.digits` times a factor: dividing by ten from the last digit on and leaving
  /// out fractions is exact, as a fraction never reaches the next whole number.
  private static func fraction(_ digits: Substring, of factor: Int128) -> Int128 {
    digits.utf8.reversed().reduce(0) { (Int128($1 - UInt8(ascii: "0")) * factor + $0) / 10 }
  }

  private static func outOfRange(_ text: String) -> SQLError {
    SQLError(.numericValueOutOfRange, "Value out of range: '\(text)'")
  }
}
