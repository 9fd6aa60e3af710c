/// The name of a data file that Apus writes: `apus-3f2a9c1b77d0-42-7.parquet` is the seventh file of
/// transaction 42 of a catalog.
struct DataFileName: CustomStringConvertible {
  var catalogID: String
  var transaction: Int64
  var number: Int

  init(catalogID: String, transaction: Int64, number: Int) {
    self.catalogID = catalogID
    self.transaction = transaction
    self.number = number
  }

  /// Reads a name; nil if it is none of a file that Apus has written.
  init?(_ name: some StringProtocol) {
    guard name.hasPrefix("apus-") else { return nil }
    let stem = name.prefix { $0 != "." }
    let parts = stem.split(separator: "-")
    guard parts.count == 4, let transaction = Int64(parts[2]), let number = Int(parts[3]) else {
      return nil
    }
    self.init(catalogID: String(parts[1]), transaction: transaction, number: number)
  }

  var description: String { "apus-\(catalogID)-\(transaction)-\(number).parquet" }
}
