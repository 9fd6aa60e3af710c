import ApusPlanner
import ApusValues
import ApusVectors

/// `url_extract_protocol(url)`, `…_host`, `…_port`, `…_path`, `…_query`, `…_fragment` and
/// `url_extract_parameter(url, name)`. What is not a URL gives NULL; a URL without the part, an
/// empty text, but NULL where it has no port or no such parameter.
enum URLExtract: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("url_extract_fragment('https://example.com/a?x=1#top')", "top"),
      FunctionExample("url_extract_host('https://example.com:8080/a?x=1')", "example.com"),
      FunctionExample("url_extract_parameter('https://example.com/a?x=1&y=2', 'y')", "2"),
      FunctionExample("url_extract_path('https://example.com/a/b?x=1')", "/a/b"),
      FunctionExample("url_extract_port('https://example.com:8080/a')", "8080"),
      FunctionExample("url_extract_port('https://example.com/a')", "NULL"),
      FunctionExample("url_extract_protocol('https://example.com/a')", "https"),
      FunctionExample("url_extract_query('https://example.com/a?x=1&y=2')", "x=1&y=2"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    part("protocol") { $0.scheme },
    part("host") { $0.host },
    part("path") { $0.rawPath },
    part("query") { $0.rawQuery },
    part("fragment") { $0.rawFragment },
    .rows(.bigint("url_extract_port", [.anyVarchar], "Returns the port of a URL.")) { arguments in
      let url = arguments[0].texts
      return { row throws(SQLError) -> Int64? in
        ParsedURL(url.bytes(row))?.port.map { Int64($0) }
      }
    },
    .text(
      .shorterText(
        "url_extract_parameter",
        [.anyVarchar, .anyVarchar],
        "Returns the first value of a parameter in the query of a URL; NULL if it is missing."
      )
    ) { arguments in
      let url = arguments[0].texts
      let name = arguments[1].texts
      return { row, heap throws(SQLError) -> StringView? in
        guard let query = ParsedURL(url.bytes(row))?.rawQuery else { return nil }
        for argument in query.utf8.split(
          separator: UInt8(ascii: "&"),
          omittingEmptySubsequences: false
        ) {
          let end = argument.firstIndex(of: UInt8(ascii: "=")) ?? argument.endIndex
          guard argument[..<end].elementsEqual(name.bytes(row)) else { continue }
          return heap.store(try URLEncoding.decode(argument[end...].dropFirst()))
        }
        return nil
      }
    },
  ]

  private static func part(
    _ name: String,
    _ read: @escaping @Sendable (ParsedURL) -> String?
  ) -> ScalarOverload {
    .text(
      .shorterText("url_extract_\(name)", [.anyVarchar], "Returns the \(name) of a URL.")
    ) { arguments in
      let url = arguments[0].texts
      return { row, heap throws(SQLError) -> StringView? in
        guard let parsed = ParsedURL(url.bytes(row)) else { return nil }
        let raw = read(parsed) ?? ""
        // Only escapes that are whole are part of a URL.
        return heap.store((try? PercentEncoding.decode(raw.utf8, isForm: false)) ?? raw)
      }
    }
  }
}
