import ApusFormats
public import ApusPlanner
public import ApusStorage
public import ApusValues

/// Makes tables of paths: a file, a directory or a pattern with wildcards.
///
/// Keeps the footers of files that it has read, so that a second statement does not read them
/// again unless the files have changed.
public final class FilesConnector: Sendable {
  let store: any ObjectStore
  let footers = FooterCache()

  public init(store: any ObjectStore = LocalObjectStore()) { self.store = store }

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
    let local = try FilesConnector.localPath(path)
    let files: [ObjectPath]
    do {
      files = try find(local, as: path)
    } catch {
      throw error.asSQLError
    }
    return try FilesTable(path: path, files: files, connector: self, preferring: values)
  }

  /// Takes `file://` from the front and refuses all other schemes.
  private static func localPath(_ path: String) throws(SQLError) -> String {
    guard let scheme = path.firstRange(of: "://") else { return path }
    switch path[..<scheme.lowerBound].lowercased() {
    case "file": return String(path[scheme.upperBound...])
    case "s3", "s3a", "s3n":
      throw .notSupported("reading from S3, as in '\(path)',")
    default:
      throw .notSupported("reading from '\(path)'")
    }
  }

  /// Finds the files of a path, sorted by name.
  private func find(_ local: String, as path: String) throws(FileFindingError) -> [ObjectPath] {
    let place = ObjectPath(local)
    do {
      // A name that exists is meant as it is, whatever characters it has.
      switch try store.entry(at: place) {
      case .object?:
        try FilesConnector.refuseOtherFormats([place])
        return [place]
      case .directory?:
        let all = try store.objects(below: place)
        let files = FilesConnector.parquetFiles(all)
        if files.isEmpty {
          try FilesConnector.refuseOtherFormats(all)
          throw SQLError(.tableNotFound, "There are no Parquet files in '\(path)'")
        }
        return files
      case nil: break
      }
      guard GlobPattern.isPattern(local) else { throw notFound(local, as: path) }
      guard let patterns = GlobPattern.parse(local) else {
        throw SQLError(.invalidFunctionArgument, "Too many alternatives in '\(path)'")
      }
      let all = try store.expand(patterns)
      guard !all.isEmpty else {
        throw SQLError(.tableNotFound, "No files match '\(path)'")
      }
      let files = FilesConnector.parquetFiles(all)
      if !files.isEmpty { return files }
      try FilesConnector.refuseOtherFormats(all)
      return all
    } catch let error as StorageError {
      throw .storage(error)
    } catch let error as SQLError {
      throw .sql(error)
    } catch {
      throw .sql(.internal("\(error)"))
    }
  }

  /// Of files found by listing, those that are Parquet by name. Hive gives names without an
  /// extension, as `000000_0`; they count where nothing else does.
  private static func parquetFiles(_ paths: [ObjectPath]) -> [ObjectPath] {
    let named = paths.filter { path in
      let name = path.name.lowercased()
      return name.hasSuffix(".parquet") || name.hasSuffix(".parq") || name.hasSuffix(".pq")
    }
    return named.isEmpty ? paths.filter { !$0.name.contains(".") } : named
  }

  /// Says plainly that files are of a format that is known but not read.
  private static func refuseOtherFormats(_ paths: [ObjectPath]) throws(SQLError) {
    let formats = [
      ".csv": "CSV", ".tsv": "TSV", ".json": "JSON", ".jsonl": "JSON", ".ndjson": "JSON",
      ".orc": "ORC", ".avro": "Avro", ".txt": "text", ".xlsx": "Excel",
    ]
    for path in paths {
      var name = path.name.lowercased()
      for suffix in [".gz", ".zst", ".bz2"] where name.hasSuffix(suffix) {
        name.removeLast(suffix.count)
      }
      for (suffix, format) in formats where name.hasSuffix(suffix) {
        throw .notSupported("reading \(format) files, as '\(path)',")
      }
    }
  }

  /// Makes the error for a path without wildcards that leads nowhere, with a hint if a name near
  /// it exists.
  private func notFound(_ local: String, as path: String) -> SQLError {
    let parts = local.split(separator: "/")
    var known = ObjectPath(local.hasPrefix("/") ? "/" : "")
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
