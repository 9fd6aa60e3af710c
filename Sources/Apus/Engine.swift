import ApusConnectors
import ApusEngine
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
  let warehouse: Warehouse
  let executor = QueryExecutor()
  let files = FilesConnector()

  /// - Throws: NOT_SUPPORTED for a warehouse that is not a local directory.
  public init(_ configuration: EngineConfiguration = EngineConfiguration()) throws(SQLError) {
    self.configuration = configuration
    functions = FunctionLibrary.standard
    warehouse = try Warehouse(configuration.warehouse)
  }

  /// Makes an engine over a directory with the defaults of `EngineConfiguration`.
  public convenience init(warehouse: String) throws(SQLError) {
    try self.init(EngineConfiguration(warehouse: warehouse))
  }

  /// Opens a session with the engine's defaults and no views.
  public func session() -> Session { Session(engine: self) }
}
