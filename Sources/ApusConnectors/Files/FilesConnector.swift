public import ApusCatalog
import ApusFormats
public import ApusPlanner
public import ApusStorage
public import ApusValues

/// Makes tables of files: of paths and patterns, and of what a catalog declares.
///
/// A value of it serves one statement, which sees the files as one snapshot of the catalog shows
/// them. All values made from each other share the footers that were read, so that a second
/// statement does not read them again unless the files have changed.
public struct FilesConnector: Sendable {
  let store: any ObjectStore
  let catalog: CatalogDatabase?
  let footers: FooterCache
  let snapshot: StatementSnapshot

  /// - Parameter catalog: where transactions are kept; nil shows every file and writes none.
  public init(store: any ObjectStore, catalog: CatalogDatabase? = nil) {
    self.init(store, catalog, FooterCache())
  }

  private init(_ store: any ObjectStore, _ catalog: CatalogDatabase?, _ footers: FooterCache) {
    self.store = store
    self.catalog = catalog
    self.footers = footers
    snapshot = StatementSnapshot(catalog, store)
  }

  /// Returns a connector for one statement, whose requests are counted.
  public func forStatement(countingIn activity: StorageActivity) -> FilesConnector {
    FilesConnector(store.counting(in: activity), catalog, footers)
  }

  /// Settles what the statement sees; to be called before its catalog is asked what there is.
  public func takeSnapshot() throws(SQLError) { try snapshot.take() }

  /// Whether the statement sees a table; not one that a later transaction has made.
  public func shows(_ table: TableDefinition) throws(SQLError) -> Bool {
    try table.madeBy.map { transaction throws(SQLError) in try snapshot.shows(transaction) } ?? true
  }

  /// Returns the table that a path stands for.
  ///
  /// Lists directories and reads the footer of one file, which gives the columns: the first whose
  /// partition has the preferred values, by column name, else the first.
  ///
  /// - Throws: TABLE_NOT_FOUND if nothing is there, NOT_SUPPORTED for stores and formats that Apus
  ///   does not read, and what is wrong with the first file.
  public func table(atPath path: String, preferring values: [String: Value] = [:])
    throws(SQLError) -> any Table
  {
    guard !path.isEmpty else { throw SQLError(.tableNotFound, "An empty path names no table") }
    let place = try FilesConnector.place(path)
    let files = try snapshot.list(near: GlobPattern.directory(of: place)) { () throws(SQLError) in
      do throws(FileFindingError) {
        return try find(place, as: path)
      } catch {
        throw error.asSQLError
      }
    }
    return try FilesTable(path: path, files: files, connector: self, preferring: values)
  }

  /// Returns a table that a catalog declares. Reads nothing before a statement asks for rows.
  public func table(_ declared: DeclaredTable) -> any Table {
    FilesTable(declared, connector: self)
  }

  /// Lists the data files at any depth below a directory.
  ///
  /// - Throws: NOT_SUPPORTED if there are only files of formats that Apus does not read.
  func dataFiles(below directory: ObjectPath) throws(SQLError) -> [ObjectInfo] {
    try snapshot.list(near: directory) { () throws(SQLError) in
      let all: [ObjectInfo]
      do throws(StorageError) {
        all = try store.listAll(below: directory)
      } catch {
        throw error.sqlError
      }
      let files = FilesConnector.parquetFiles(all)
      if files.isEmpty { try FilesConnector.refuseOtherFormats(all) }
      return files
    }
  }

  /// Takes `file://` from the front and refuses schemes that no store has.
  public static func place(_ path: String) throws(SQLError) -> ObjectPath {
    let place = ObjectPath(path)
    switch place.scheme {
    case nil: return place
    case "file": return ObjectPath(String(path.dropFirst("file://".count)))
    case "s3", "s3a", "s3n": return ObjectPath("s3" + path.drop { $0 != ":" })
    default: throw .notSupported("reading from '\(path)'")
    }
  }

  /// Finds the files of a path, sorted by name.
  private func find(_ place: ObjectPath, as path: String) throws(FileFindingError) -> [ObjectInfo] {
    do {
      if let likely = try likelyFiles(place, as: path) { return likely }
      // A name that exists is meant as it is, whatever characters it has.
      switch try store.entry(at: place) {
      case .object?:
        let info = try store.open(place).info
        try FilesConnector.refuseOtherFormats([info])
        return [info]
      case .directory?:
        return try FilesConnector.files(try store.listAll(below: place), ofDirectory: path)
      case nil: break
      }
      guard GlobPattern.isPattern(place.text) else { throw notFound(place, as: path) }
      let all = try store.expand(try FilesConnector.patterns(place, as: path))
      guard !all.isEmpty else {
        throw SQLError(.tableNotFound, "No files match '\(path)'")
      }
      return try FilesConnector.readableFiles(all)
    } catch let error as StorageError {
      throw .storage(error)
    } catch let error as SQLError {
      throw .sql(error)
    } catch {
      throw .sql(.internal("\(error)"))
    }
  }

  /// Finds what a path in a bucket means most of the time, with as few requests as there may be: a
  /// pattern, an object whose name is that of a file, or all below any other name.
  ///
  /// - Returns: nil if it means something else, and on a disk, where looking is cheap.
  private func likelyFiles(_ place: ObjectPath, as path: String) throws -> [ObjectInfo]? {
    guard place.scheme != nil else { return nil }
    if GlobPattern.isPattern(place.text) {
      let all = try store.expand(try FilesConnector.patterns(place, as: path))
      return all.isEmpty ? nil : try FilesConnector.readableFiles(all)
    }
    if FilesConnector.isParquetName(place.name) {
      do throws(StorageError) {
        return [try store.open(place).info]
      } catch {
        guard error.reason == .notFound else { throw error }
        return nil
      }
    }
    let all = try store.listAll(below: place)
    return all.isEmpty ? nil : try FilesConnector.files(all, ofDirectory: path)
  }

  private static func files(_ all: [ObjectInfo], ofDirectory path: String) throws(SQLError)
    -> [ObjectInfo]
  {
    let files = parquetFiles(all)
    if files.isEmpty {
      try refuseOtherFormats(all)
      throw SQLError(.tableNotFound, "There are no Parquet files in '\(path)'")
    }
    return files
  }

  private static func patterns(_ place: ObjectPath, as path: String) throws(SQLError)
    -> [GlobPattern]
  {
    guard let patterns = GlobPattern.parse(place.text) else {
      throw SQLError(.invalidFunctionArgument, "Too many alternatives in '\(path)'")
    }
    return patterns
  }

  /// Returns the Parquet files among those that were found; where none is one by name, all that are
  /// not known to be something else.
  private static func readableFiles(_ all: [ObjectInfo]) throws(SQLError) -> [ObjectInfo] {
    let files = parquetFiles(all)
    if !files.isEmpty { return files }
    try refuseOtherFormats(all)
    return all
  }

  /// Of files found by listing, those that are Parquet by name. Hive gives names without an
  /// extension, as `000000_0`; they count where nothing else does.
  private static func parquetFiles(_ files: [ObjectInfo]) -> [ObjectInfo] {
    let named = files.filter { isParquetName($0.path.name) }
    return named.isEmpty ? files.filter { !$0.path.name.contains(".") } : named
  }

  private static func isParquetName(_ name: Substring) -> Bool {
    let name = name.lowercased()
    return name.hasSuffix(".parquet") || name.hasSuffix(".parq") || name.hasSuffix(".pq")
  }

  /// Says plainly that files are of a format that is known but not read.
  private static func refuseOtherFormats(_ files: [ObjectInfo]) throws(SQLError) {
    let formats = [
      ".csv": "CSV", ".tsv": "TSV", ".json": "JSON", ".jsonl": "JSON", ".ndjson": "JSON",
      ".orc": "ORC", ".avro": "Avro", ".txt": "text", ".xlsx": "Excel",
    ]
    for file in files {
      var name = file.path.name.lowercased()
      for suffix in [".gz", ".zst", ".bz2"] where name.hasSuffix(suffix) {
        name.removeLast(suffix.count)
      }
      for (suffix, format) in formats where name.hasSuffix(suffix) {
        throw .notSupported("reading \(format) files, as '\(file.path)',")
      }
    }
  }

  /// Makes the error for a path without wildcards that leads nowhere, with a hint if a name near
  /// it exists.
  private func notFound(_ place: ObjectPath, as path: String) -> SQLError {
    var known = place.root
    let parts = place.text.dropFirst(known.text.count).split(separator: "/")
    for part in parts {
      let next = known.appending(part)
      if (try? store.entry(at: next)) == .directory {
        known = next
        continue
      }
      let names = (try? store.list(known))?.map(\.name) ?? []
      let near =
        names.first { $0.lowercased() == part.lowercased() }
        ?? nearestName(to: String(part), among: names)
      var hint: String?
      if let near {
        hint = "Did you mean '\(known.appending(near))'?"
      } else if part != parts.last {
        hint = "There is no '\(part)' in '\(known.text.isEmpty ? "." : known.text)'."
      }
      return SQLError(.tableNotFound, "Path '\(path)' does not exist", hint: hint)
    }
    return SQLError(.tableNotFound, "Path '\(path)' does not exist")
  }
}

/// What finding files may meet: typed errors of two kinds, told apart once.
private enum FileFindingError: Error {
  case storage(StorageError)
  case sql(SQLError)

  var asSQLError: SQLError {
    switch self {
    case .storage(let error): error.sqlError
    case .sql(let error): error
    }
  }
}

extension StorageError {
  /// The error of a statement that met this one.
  var sqlError: SQLError {
    switch reason {
    case .notFound, .bucketNotFound: SQLError(.hiveFileNotFound, "\(self)", cause: self)
    case .permissionDenied, .unauthorized: SQLError(.permissionDenied, "\(self)", cause: self)
    case .truncated: SQLError(.hiveCursorError, "\(self)", cause: self)
    case .changed:
      SQLError(.hiveCursorError, "\(self)", hint: "Run the statement again.", cause: self)
    case .cancelled: SQLError(.userCanceled, "\(self)", cause: self)
    case .alreadyExists, .unavailable, .failed, .misconfigured:
      SQLError(.hiveFilesystemError, "\(self)", cause: self)
    }
  }
}
