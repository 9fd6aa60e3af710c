/// The name of a data file that Apus writes: `apus-3f2a9c1b77d0-42-7-1b9e04c2.parquet` is the seventh
/// file of transaction 42 of a catalog.
///
/// The last part is random: a catalog that was copied, or restored from an older state, counts its
/// transactions from there once more and must not write over what the first count has written.
struct DataFileName: CustomStringConvertible {
  var catalogID: String
  var transaction: Int64
  var number: Int
  var mark: String

  init(
    catalogID: String,
    transaction: Int64,
    number: Int,
    mark: String = String(UInt32.random(in: 0 ... .max), radix: 16)
  ) {
    self.catalogID = catalogID
    self.transaction = transaction
    self.number = number
    self.mark = mark
  }

  /// Reads a name; nil if it is none of a file that Apus has written.
  init?(_ name: some StringProtocol) {
    guard name.hasPrefix("apus-") else { return nil }
    let stem = name.prefix { $0 != "." }
    let parts = stem.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 5, let transaction = Int64(parts[2]), let number = Int(parts[3]) else {
      return nil
    }
    self.init(
      catalogID: String(parts[1]),
      transaction: transaction,
      number: number,
      mark: String(parts[4])
    )
  }

  var description: String { "apus-\(catalogID)-\(transaction)-\(number)-\(mark).parquet" }
}
