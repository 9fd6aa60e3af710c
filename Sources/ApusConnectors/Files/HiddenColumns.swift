import ApusStorage
import ApusValues

/// The columns that say where a row lies, which a statement sees only if it names them: `"$path"`,
/// `"$file_size"` and, of a table with partitions, `"$partition"`.
struct HiddenColumns: Sendable {
  let fields: [Field]
  /// Names of the partition columns.
  private let keys: [String]
  private let types: [SQLType]

  init(partitionColumns: [Field]) {
    var fields = [Field(name: "$path", type: .text), Field(name: "$file_size", type: .bigint)]
    if !partitionColumns.isEmpty { fields.append(Field(name: "$partition", type: .text)) }
    self.fields = fields
    keys = partitionColumns.map(\.name)
    types = partitionColumns.map(\.type)
  }

  /// The values of all rows of a file, one for each field.
  func values(of file: TableFile) -> [Value] {
    var values: [Value] = [.text(file.info.path.text), .integer(Int64(file.info.size))]
    if !keys.isEmpty { values.append(.text(partition(of: file))) }
    return values
  }

  /// The partition as SHOW PARTITIONS names it: `year=2013/month=1`.
  private func partition(of file: TableFile) -> String {
    let texts = zip(file.values, types).map { value, type in value.text(as: type) }
    return HivePartitionPath.directory(keys: keys, values: texts)
  }
}
