import ApusPlanner
import ApusValues
import ApusVectors

/// `parse_datetime(text, format)`, in Joda's letters.
enum ParseDateTime: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        "parse_datetime('29/02/2024 13:05 +0100', 'dd/MM/yyyy HH:mm Z')",
        "2024-02-29 13:05:00.000 +01:00"
      )
    ]
  }

  static let overloads: [ScalarOverload] = [
    ScalarOverload(
      FunctionSignature(
        "parse_datetime",
        [.anyVarchar, .anyVarchar],
        returns: .type(.timestampWithTimeZone(precision: 3)),
        summary: "Reads a time as a pattern of Joda says, in UTC if the text has no zone."
      )
    ) { call throws(SQLError) in
      let type = call.function.returnType
      let range = call.range
      let constant: JodaFormat? =
        if case .text(let text)? = call.constants[1] {
          try? JodaFormat(text, hasZone: true)
        } else {
          nil
        }
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let texts = arguments[0].texts
        let formats = arguments[1].texts
        return mapRows(arguments, to: type, rows: rows, range: range, errors: &errors) {
          (row: Int) throws(SQLError) -> Int128? in
          let format: JodaFormat
          if let constant {
            format = constant
          } else {
            format = try JodaFormat(formats[row].string, hasZone: true)
          }
          return try format.read(texts[row].string).packed
        }
      }
    }
  ]
}
