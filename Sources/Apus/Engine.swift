import ApusCatalog
import ApusConnectors
import ApusEngine
import ApusStorage
public import ApusSyntax
public import ApusValues

/// The resources that sessions share: workers, memory, functions and the way to the tables.
///
///     let engine = try Engine(warehouse: "lake")
///     let session = engine.session()
///     for try await row in try await session.query("SELECT name FROM airlines") {
///       print(try row["name", as: String.self])
///     }
///
/// Making an engine reads nothing and starts no thread; both wait for the first query.
public final class Engine: Sendable {
  public let configuration: EngineConfiguration
  let functions: FunctionLibrary
  let warehouseRoot: ObjectPath
  let catalog: CatalogDatabase
  let executor: QueryExecutor
  let files: FilesConnector
  private let store: any ObjectStore

  /// - Throws: NOT_SUPPORTED for a warehouse in a store that Apus does not know.
  public init(_ configuration: EngineConfiguration = EngineConfiguration()) throws(SQLError) {
    self.configuration = configuration
    executor = QueryExecutor(memoryLimit: configuration.memoryLimit)
    functions = FunctionLibrary.standard
    warehouseRoot = try ObjectPath.absolute(configuration.warehouse)
    catalog = CatalogDatabase(
      path: configuration.catalog.map { ObjectPath($0) }
        ?? ObjectPath.catalog(ofWarehouse: warehouseRoot),
      warehouse: warehouseRoot
    )
    store = ObjectStores(
      configuration.profiles.map { S3Configuration(prefix: $0.prefix, profile: $0.profile) }
    )
    files = FilesConnector(store: store, catalog: catalog)
  }

  deinit { saveStatistics() }

  /// Makes an engine over a warehouse with the defaults of `EngineConfiguration`.
  public convenience init(warehouse: String) throws(SQLError) {
    try self.init(EngineConfiguration(warehouse: warehouse))
  }

  /// Opens a session with the engine's defaults.
  ///
  /// - Parameter dialect: whose SQL its statements are written in.
  public func session(dialect: Dialect = .trino) -> Session {
    Session(engine: self, dialect: dialect)
  }

  /// Keeps in the catalog, if there is one, what footers of files have said, so that later processes
  /// plan without reading them. Statements see to it while others run; a process does so at its end.
  public func saveStatistics() { files.saveStatistics() }

  /// Has a thread of its own do so, if there is anything new.
  func saveStatisticsSoon() {
    guard files.hasUnsavedStatistics else { return }
    BlockingThreads.shared.submit { self.saveStatistics() }
  }

  /// Returns what names mean to a statement whose requests are counted.
  func sessionCatalog(schema: String, countingIn activity: StorageActivity) -> SessionCatalog {
    SessionCatalog(
      database: catalog,
      files: files.forStatement(countingIn: activity),
      store: store.counting(in: activity),
      warehouseRoot: warehouseRoot,
      currentSchema: schema
    )
  }
}
