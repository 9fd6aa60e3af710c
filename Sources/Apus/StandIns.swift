import ApusPlanner
public import ApusSyntax
public import ApusValues
import ApusEngine
public func parseStatement(_ text: String) throws(SQLError) -> Statement { throw .notSupported("parse") }
struct QueryPlanner { init(catalog: any Catalog, functions: any FunctionRegistry) {}
 func plan(_ q: Query) throws(SQLError) -> LogicalPlan { throw .notSupported("plan") } }
extension LogicalPlan { func explained(annotation: (Int) -> String?) -> [String] { [] } }
enum FilesConnector { static func table(at: String) throws(SQLError) -> any Table { throw .notSupported("files") } }
extension FunctionLibrary { static var standard: FunctionLibrary { FunctionLibrary([]) } }
