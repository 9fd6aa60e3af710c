public import ApusSyntax
public import ApusValues

/// What a statement's names of the session stand for.
public struct PlanningContext: Sendable {
  public var user: String
  public var catalog: String
  public var schema: String
  /// Optimizer rules that are switched off, by name.
  public var disabledRules: Set<String>
  /// nil computes no constants before the query runs.
  public var evaluator: (any ConstantEvaluator)?
  /// What the statement's `?` stand for.
  public var parameters: ParameterValues
  /// How many steps of a recursion may put out rows.
  public var maximumRecursionDepth: Int
  /// Whether the text was written elsewhere than in the statement that is run, so that places in it
  /// mean nothing to whoever reads an error of a row.
  public var isPrepared: Bool
  /// Whether a number such as `1.5` is a double, as in Athena, or else a decimal of its digits. In views
  /// it is always a double.
  public var decimalLiteralsAreDouble: Bool

  public init(
    user: String = "apus",
    catalog: String = "awsdatacatalog",
    schema: String = "default",
    disabledRules: Set<String> = [],
    evaluator: (any ConstantEvaluator)? = nil,
    parameters: ParameterValues = .values([]),
    maximumRecursionDepth: Int = 10,
    isPrepared: Bool = false,
    decimalLiteralsAreDouble: Bool = true
  ) {
    self.user = user
    self.catalog = catalog
    self.schema = schema
    self.disabledRules = disabledRules
    self.evaluator = evaluator
    self.parameters = parameters
    self.maximumRecursionDepth = maximumRecursionDepth
    self.isPrepared = isPrepared
    self.decimalLiteralsAreDouble = decimalLiteralsAreDouble
  }
}

/// From a query's syntax tree to the plan that is run: binding, then the optimizer's rules.
public struct QueryPlanner: Sendable {
  private let catalog: any Catalog
  private let functions: any FunctionRegistry
  private let context: PlanningContext

  public init(
    catalog: any Catalog,
    functions: any FunctionRegistry,
    context: PlanningContext = PlanningContext()
  ) {
    self.catalog = catalog
    self.functions = functions
    self.context = context
  }

  /// Plans a query; the plan's output columns are the result's, in order and with their names.
  public func plan(_ query: Query) throws(SQLError) -> LogicalPlan {
    let binder = Binder(catalog: catalog, functions: functions, context: context)
    let plan = try binder.bindStatement(query).comparingInstants(binder)
    return try optimizer.optimize(plan, binder: binder)
  }

  /// Binds an expression without columns and computes it.
  ///
  /// - Returns: the expression, which is a literal if computing it did not fail.
  /// - Throws: EXPRESSION_NOT_CONSTANT, and what binding an expression throws.
  public func constant(_ syntax: ApusSyntax.Expression) throws(SQLError) -> Expression {
    let binder = Binder(catalog: catalog, functions: functions, context: context)
    let expression = try binder.bindConstant(syntax)
    guard expression.isDeterministic, let value = context.evaluator?.value(of: expression) else {
      return expression
    }
    return .literal(Literal(value, expression.type))
  }

  /// Binds a query whose parameters have no values: the columns of its result, and the types that are
  /// asked of the parameters, by position.
  public func describe(
    _ query: Query,
    columns: ((Schema) throws(SQLError) -> [WrittenColumn])? = nil
  ) throws(SQLError) -> (schema: Schema, parameterTypes: [Int: SQLType]) {
    var context = context
    context.parameters = .described
    let binder = Binder(catalog: catalog, functions: functions, context: context)
    var plan = try binder.bindStatement(query)
    let schema = Schema(plan.output.map { Field(name: $0.name, type: $0.type) })
    if let columns { plan = try binder.bindRows(plan, of: try columns(schema), at: query.range) }
    var types = plan.describedParameterTypes()
    for index in binder.describedRowCounts { types[index] = .bigint }
    return (schema, types)
  }

  /// The names of the optimizer's rules, each once, in the order in which they first run.
  public static let ruleNames: [String] = Optimizer.rules.reduce(into: []) { names, rule in
    if !names.contains(rule.name) { names.append(rule.name) }
  }

  /// Returns the rules that change the plan of a query, in the order in which they do; one that
  /// changes it twice comes twice.
  public func effectiveRules(_ query: Query) throws(SQLError) -> [String] {
    let binder = Binder(catalog: catalog, functions: functions, context: context)
    var names: [String] = []
    let plan = try binder.bindStatement(query).comparingInstants(binder)
    _ = try optimizer.optimize(plan, binder: binder) { name, before, after in
      if before.explained() != after.explained() { names.append(name) }
    }
    return names
  }

  private var optimizer: Optimizer { Optimizer(disabledRules: context.disabledRules) }

  /// Plans a query whose rows are written to a table.
  ///
  /// - Parameters:
  ///   - columns: gives the table's columns, once the query's are known.
  ///   - target: gives where the rows go, once `columns` has said that they can.
  /// - Returns: a plan of one row: how many were written.
  public func planWrite(
    _ query: Query,
    columns: (Schema) throws(SQLError) -> [WrittenColumn],
    target: ([WrittenColumn]) throws(SQLError) -> any TableWriteTarget
  ) throws(SQLError) -> LogicalPlan {
    let binder = Binder(catalog: catalog, functions: functions, context: context)
    let plan = try binder.bindStatement(query)
    let written = try columns(
      Schema(plan.output.map { Field(name: $0.name, type: $0.type) })
    )
    let rows = try binder.bindRows(plan, of: written, at: query.range)
    let comparing = try rows.comparingInstants(binder)
    let optimized = try optimizer.optimize(comparing, binder: binder)
    return .tableWrite(
      TableWrite(
        input: optimized,
        target: try target(written),
        columns: rows.output,
        rowCount: binder.makeColumn("rows", .bigint)
      )
    )
  }
}
