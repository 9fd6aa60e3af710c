package import ApusValues
package import ApusVectors

/// A box where all columns fit a line of the terminal, otherwise a line per value; the first batch
/// decides.
struct FittingFormatter: ResultFormatter {
  private let style: TerminalStyle
  private var schema = Schema([])
  private var chosen: (any ResultFormatter)?

  init(style: TerminalStyle) { self.style = style }

  mutating func begin(_ schema: Schema, into output: inout [UInt8]) { self.schema = schema }

  mutating func append(_ batch: Batch, into output: inout [UInt8]) {
    choose(batch, into: &output)
    chosen?.append(batch, into: &output)
  }

  mutating func finish(rowCount: Int, into output: inout [UInt8]) {
    choose(nil, into: &output)
    chosen?.finish(rowCount: rowCount, into: &output)
  }

  private mutating func choose(_ batch: Batch?, into output: inout [UInt8]) {
    guard chosen == nil else { return }
    var box = BoxFormatter(style: style)
    let fits = style.width.map { box.naturalWidth(schema, batch) <= $0 } ?? true
    var formatter: any ResultFormatter = fits ? box : VerticalFormatter(style: style)
    formatter.begin(schema, into: &output)
    chosen = formatter
  }
}
