import ApusConnectors
import ApusPlanner
import ApusStorage
import ApusValues

// A directory as a database:
//
//   W/x.parquet                       default.x
//   W/flights/part-0.parquet          default.flights     a folder that holds files is a table
//   W/flights/month=1/part-0.parquet  default.flights     as is one that holds partitions
//   W/sales/orders/part-0.parquet     sales.orders        a folder of folders is a schema
//
// Names that start with `_` or `.` are nobody's. Names are looked up as they are first, then
// without regard to letter case, as SQL folds what is not quoted.

/// The tables that lie in a directory without having been declared.
struct Warehouse: Sendable {
  static let catalogName = "awsdatacatalog"
  static let defaultSchema = "default"

  let root: ObjectPath
  private let store: any ObjectStore
  /// Directories of declared and dropped tables, which make no tables here.
  private let claimed: Set<String>

  init(_ root: ObjectPath, store: any ObjectStore, claimed: Set<String> = []) {
    self.root = root
    self.store = store
    self.claimed = claimed
  }

  /// The schemas, sorted; `default` always is one.
  func schemas() throws(SQLError) -> [String] {
    var names: Set<String> = [Warehouse.defaultSchema]
    for entry in try entries(root) where entry.kind == .directory {
      if try contents(of: root.appending(entry.name)) == .folders {
        names.insert(entry.name.lowercased())
      }
    }
    return names.sorted()
  }

  func hasSchema(_ name: String) throws(SQLError) -> Bool {
    if name == Warehouse.defaultSchema { return true }
    guard let entry = try entry(named: name, in: root), entry.kind == .directory else {
      return false
    }
    return try contents(of: root.appending(entry.name)) == .folders
  }

  /// The names of a schema's tables, sorted.
  func tables(in schema: String) throws(SQLError) -> [String] {
    var names: Set<String> = []
    if schema == Warehouse.defaultSchema {
      for entry in try entries(root) {
        if let table = Warehouse.tableName(of: entry) {
          names.insert(table)
        } else if entry.kind == .directory,
          try holdsTable(root.appending(entry.name))
        {
          names.insert(entry.name.lowercased())
        }
      }
    }
    if let folder = try entry(named: schema, in: root), folder.kind == .directory {
      let path = root.appending(folder.name)
      if try contents(of: path) == .folders {
        for entry in try entries(path) where entry.kind == .directory {
          if isClaimed(path.appending(entry.name)) { continue }
          names.insert(entry.name.lowercased())
        }
      }
    }
    return names.sorted()
  }

  /// Where a table's files are; nil if there is no such table.
  func location(of table: String, in schema: String) throws(SQLError) -> String? {
    if schema == Warehouse.defaultSchema {
      if let entry = try entry(named: table, in: root), entry.kind == .directory {
        let path = root.appending(entry.name)
        if try holdsTable(path) { return path.text }
      }
      for suffix in Warehouse.fileSuffixes {
        if let entry = try entry(named: table + suffix, in: root), entry.kind == .object {
          return root.appending(entry.name).text
        }
      }
    }
    guard let folder = try entry(named: schema, in: root), folder.kind == .directory else {
      return nil
    }
    let path = root.appending(folder.name)
    guard try contents(of: path) == .folders,
      let entry = try entry(named: table, in: path), entry.kind == .directory,
      !isClaimed(path.appending(entry.name))
    else { return nil }
    return path.appending(entry.name).text
  }

  private static let fileSuffixes = [".parquet", ".parq", ".pq"]

  /// Endings of files that hold rows, so that a README beside them makes no table. Which of them
  /// are read is the connector's to say. Hive names files without any ending.
  private static let dataSuffixes =
    fileSuffixes + [".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".orc", ".avro", ".gz", ".zst"]

  private static func holdsRows(_ entry: ObjectEntry) -> Bool {
    let name = entry.name.lowercased()
    return !name.contains(".") || dataSuffixes.contains { name.hasSuffix($0) }
  }

  /// The table that a file in the root stands for.
  private static func tableName(of entry: ObjectEntry) -> String? {
    guard entry.kind == .object else { return nil }
    for suffix in fileSuffixes where entry.name.lowercased().hasSuffix(suffix) {
      return String(entry.name.dropLast(suffix.count)).lowercased()
    }
    return nil
  }

  private func isClaimed(_ directory: ObjectPath) -> Bool {
    claimed.contains(directory.asDirectory.text)
  }

  private func holdsTable(_ directory: ObjectPath) throws(SQLError) -> Bool {
    if isClaimed(directory) { return false }
    return try contents(of: directory) == .table
  }

  private enum Contents {
    case nothing
    case table
    case folders
  }

  /// What a folder holds: files or partitions make it a table, other folders a schema. Folders of
  /// declared tables are the catalog's business.
  private func contents(of directory: ObjectPath) throws(SQLError) -> Contents {
    var result = Contents.nothing
    for entry in try entries(directory) {
      switch entry.kind {
      case .object where Warehouse.holdsRows(entry): return .table
      case .object: break
      case .directory where entry.name.contains("="): return .table
      case .directory where isClaimed(directory.appending(entry.name)): break
      case .directory: result = .folders
      }
    }
    return result
  }

  private func entry(named name: String, in directory: ObjectPath) throws(SQLError)
    -> ObjectEntry?
  {
    // A name is one step of a path, never a way out of the warehouse.
    guard !name.isEmpty, !name.contains("/"), name != ".", name != ".." else { return nil }
    let all = try entries(directory)
    return all.first { $0.name == name } ?? all.first { $0.name.lowercased() == name.lowercased() }
  }

  /// The entries of a directory but hidden ones; none if it is not there.
  private func entries(_ directory: ObjectPath) throws(SQLError) -> [ObjectEntry] {
    do {
      return try store.list(directory).filter { !$0.isHidden }
    } catch {
      if error.reason == .notFound { return [] }
      throw SQLError(.hiveFilesystemError, "The warehouse cannot be read: \(error)")
    }
  }
}
