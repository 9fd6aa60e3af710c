import ApusCatalog
import ApusConnectors
import ApusStorage
import ApusSyntax
import ApusValues

extension StatementExecution {
  /// Runs MSCK REPAIR TABLE: adds partitions for directories that have none. None is removed.
  ///
  /// Answers Athena's lines, and one for each directory that is no partition of the table.
  func run(_ node: RepairTableStatement) throws(SQLError) -> QueryResult {
    let table = try declaredTable(node.name)
    let fields = try partitionFields(of: table, at: node.name)
    let keys = fields.map(\.name)
    let found = try catalog.files.partitionDirectories(
      of: table.location,
      keys: keys,
      check: { [cancellation] () throws(SQLError) in try cancellation.check() }
    )
    let present = try engine.catalog.partitions(ofTable: table.id)
    let locations = Set(present.map(\.location.asDirectory))
    var known = Set(present.map(\.values))
    var missing: [(name: String, partition: PartitionDefinition)] = []
    var remarks = found.others.map { "Repair: Passed over \($0), which is no partition" }
    for directory in found.partitions where !locations.contains(directory.location) {
      guard let values = canonical(directory.values, of: fields) else {
        remarks.append("Repair: Passed over \(directory.location), whose values are of other types")
        continue
      }
      // `month=3` beside `month=03`, or a partition that was given another place.
      guard known.insert(values).inserted else {
        remarks.append(
          "Repair: Passed over \(directory.location), as the partition has another place"
        )
        continue
      }
      missing.append(
        (
          partitionName(directory.values, of: fields),
          PartitionDefinition(values: values, location: directory.location)
        )
      )
    }
    try engine.catalog.add(
      missing.map(\.partition),
      toTable: table.id,
      ifExisting: .isPassedOver
    )
    var lines: [String] = []
    if !missing.isEmpty {
      let names = missing.map { "\(table.name.name):\($0.name)" }
      lines.append("Partitions not in metastore:\t" + names.joined(separator: "\t"))
      lines += names.map { "Repair: Added partition to metastore \($0)" }
    }
    lines += remarks
    return try answer(.repairTable, ["result": .text], rows: lines.map { [.text($0)] })
  }

  /// The values of a directory's name in the spelling that the catalog has; nil if they are none.
  private func canonical(_ texts: [String?], of fields: [Field]) -> [String?]? {
    guard let values = try? catalog.values(texts, of: fields) else { return nil }
    return zip(values, fields).map { $0.partitionText(as: $1.type) }
  }
}
