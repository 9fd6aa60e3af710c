import ApusStorage
import ApusValues

/// The columns that say where a row lies, which a statement sees only if it names them: `"$path"`,
/// `"$file_size"`, `"$file_modified_time"` and, of a table with partitions, `"$partition"`.
struct HiddenColumns: Sendable {
  let fields: [Field]
  /// Names of the partition columns.
  private let keys: [String]
  private let types: [SQLType]

  init(partitionColumns: [Field]) {
    var fields = [
      Field(name: "$path", type: .text), Field(name: "$file_size", type: .bigint),
      Field(name: "$file_modified_time", type: .timestampWithTimeZone(precision: 3)),
    ]
    if !partitionColumns.isEmpty { fields.append(Field(name: "$partition", type: .text)) }
    self.fields = fields
    keys = partitionColumns.map(\.name)
    types = partitionColumns.map(\.type)
  }

  /// The values of all rows of a file, one for each field.
  func values(of file: TableFile) -> [Value] {
    let modified = file.info.modifiedMilliseconds.map { milliseconds in
      ZonedTime(
        picoseconds: Int128(widening: milliseconds) * HiddenColumns.picosecondsPerMillisecond,
        zone: .utc
      )
    }
    var values: [Value] = [
      .text(file.info.path.text), .integer(Int64(file.info.size)),
      modified.map { .zoned($0) } ?? .null,
    ]
    if !keys.isEmpty { values.append(.text(partition(of: file))) }
    return values
  }

  private static let picosecondsPerMillisecond: Int128 = 1_000_000_000

  /// The partition as SHOW PARTITIONS names it: `year=2013/month=1`.
  private func partition(of file: TableFile) -> String {
    let texts = zip(file.values, types).map { value, type in value.text(as: type) }
    return HivePartitionPath.directory(keys: keys, values: texts)
  }
}
