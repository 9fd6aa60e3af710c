package import ApusEngine
public import ApusVectors
import Glibc

/// How an engine is set up; what a session may change stands here as the default.
public struct EngineConfiguration: Sendable {
  /// The directory, or the place in a bucket as `s3://lake/gold`, whose files and folders are tables
  /// and where new ones go; it need not exist.
  public var warehouse: String
  /// The file of the catalog; nil is `_apus/catalog.sqlite` in a directory, and for a bucket a file
  /// among the user's data (`$XDG_DATA_HOME/apus`).
  public var catalog: String?
  /// Whose keys open which buckets; for all others the environment says.
  public var profiles: [S3ProfileChoice]
  /// Threads that work on one query.
  public var threadCount: Int
  /// Bytes that all queries may hold together.
  public var memoryLimit: Int
  /// Where queries put what they may not hold in memory; nil is `$TMPDIR`, or else `/var/tmp`.
  public var temporaryDirectory: String?
  /// Rows that operators hand on at a time.
  public var batchCapacity: Int
  /// What `current_user` answers.
  public var user: String
  /// Who is told of all calls of functions, in tests.
  package var callObserver: (any CallObserver)?
  /// What memory is refused to operators besides, in tests.
  package var memoryRefusal = MemoryRefusal.none

  /// Sets up an engine over a directory, by default with a thread for every processor and three
  /// quarters of the machine's memory.
  public init(
    warehouse: String = "warehouse",
    catalog: String? = nil,
    profiles: [S3ProfileChoice] = [],
    threadCount: Int? = nil,
    memoryLimit: Int? = nil,
    temporaryDirectory: String? = nil,
    batchCapacity: Int = Batch.defaultCapacity,
    user: String? = nil
  ) {
    self.warehouse = warehouse
    self.catalog = catalog
    self.profiles = profiles
    self.threadCount = threadCount ?? EngineConfiguration.processorCount
    self.memoryLimit = memoryLimit ?? EngineConfiguration.machineMemory / 4 * 3
    self.temporaryDirectory = temporaryDirectory
    self.batchCapacity = batchCapacity
    self.user = user ?? EngineConfiguration.systemUser
  }

  /// The processors that this process may run on.
  public static var processorCount: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

  /// The machine's memory in bytes.
  private static var machineMemory: Int {
    let pages = Int(sysconf(Int32(_SC_PHYS_PAGES)))
    let size = Int(sysconf(Int32(_SC_PAGESIZE)))
    return pages > 0 && size > 0 ? pages * size : 4 << 30
  }

  var usedTemporaryDirectory: String {
    if let temporaryDirectory { return temporaryDirectory }
    if let path = getenv("TMPDIR"), path.pointee != 0 { return String(cString: path) }
    return "/var/tmp"
  }

  private static var systemUser: String {
    if let name = getenv("USER"), name.pointee != 0 { return String(cString: name) }
    return "apus"
  }
}
