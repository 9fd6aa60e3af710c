// (generated from Grammar/ErrorCodes.txt by `swift run apus-grammar`)

/// The name of an error as Athena and Trino spell it, with its class and its SQLSTATE.
public enum ErrorCode: String, Sendable, CaseIterable {
  case genericUserError = "GENERIC_USER_ERROR"
  case syntaxError = "SYNTAX_ERROR"
  case abandonedQuery = "ABANDONED_QUERY"
  case userCanceled = "USER_CANCELED"
  case permissionDenied = "PERMISSION_DENIED"
  case notFound = "NOT_FOUND"
  case functionNotFound = "FUNCTION_NOT_FOUND"
  case invalidFunctionArgument = "INVALID_FUNCTION_ARGUMENT"
  case divisionByZero = "DIVISION_BY_ZERO"
  case invalidCastArgument = "INVALID_CAST_ARGUMENT"
  case operatorNotFound = "OPERATOR_NOT_FOUND"
  case invalidView = "INVALID_VIEW"
  case alreadyExists = "ALREADY_EXISTS"
  case notSupported = "NOT_SUPPORTED"
  case invalidSessionProperty = "INVALID_SESSION_PROPERTY"
  case invalidWindowFrame = "INVALID_WINDOW_FRAME"
  case constraintViolation = "CONSTRAINT_VIOLATION"
  case transactionConflict = "TRANSACTION_CONFLICT"
  case invalidTableProperty = "INVALID_TABLE_PROPERTY"
  case numericValueOutOfRange = "NUMERIC_VALUE_OUT_OF_RANGE"
  case unknownTransaction = "UNKNOWN_TRANSACTION"
  case notInTransaction = "NOT_IN_TRANSACTION"
  case transactionAlreadyAborted = "TRANSACTION_ALREADY_ABORTED"
  case readOnlyViolation = "READ_ONLY_VIOLATION"
  case multiCatalogWriteConflict = "MULTI_CATALOG_WRITE_CONFLICT"
  case autocommitWriteConflict = "AUTOCOMMIT_WRITE_CONFLICT"
  case unsupportedIsolationLevel = "UNSUPPORTED_ISOLATION_LEVEL"
  case incompatibleClient = "INCOMPATIBLE_CLIENT"
  case subqueryMultipleRows = "SUBQUERY_MULTIPLE_ROWS"
  case procedureNotFound = "PROCEDURE_NOT_FOUND"
  case invalidProcedureArgument = "INVALID_PROCEDURE_ARGUMENT"
  case queryRejected = "QUERY_REJECTED"
  case ambiguousFunctionCall = "AMBIGUOUS_FUNCTION_CALL"
  case invalidSchemaProperty = "INVALID_SCHEMA_PROPERTY"
  case schemaNotEmpty = "SCHEMA_NOT_EMPTY"
  case queryTextTooLarge = "QUERY_TEXT_TOO_LARGE"
  case unsupportedSubquery = "UNSUPPORTED_SUBQUERY"
  case exceededFunctionMemoryLimit = "EXCEEDED_FUNCTION_MEMORY_LIMIT"
  case administrativelyKilled = "ADMINISTRATIVELY_KILLED"
  case invalidColumnProperty = "INVALID_COLUMN_PROPERTY"
  case queryHasTooManyStages = "QUERY_HAS_TOO_MANY_STAGES"
  case invalidSpatialPartitioning = "INVALID_SPATIAL_PARTITIONING"
  case invalidAnalyzeProperty = "INVALID_ANALYZE_PROPERTY"
  case typeNotFound = "TYPE_NOT_FOUND"
  case catalogNotFound = "CATALOG_NOT_FOUND"
  case schemaNotFound = "SCHEMA_NOT_FOUND"
  case tableNotFound = "TABLE_NOT_FOUND"
  case columnNotFound = "COLUMN_NOT_FOUND"
  case roleNotFound = "ROLE_NOT_FOUND"
  case schemaAlreadyExists = "SCHEMA_ALREADY_EXISTS"
  case tableAlreadyExists = "TABLE_ALREADY_EXISTS"
  case columnAlreadyExists = "COLUMN_ALREADY_EXISTS"
  case roleAlreadyExists = "ROLE_ALREADY_EXISTS"
  case duplicateNamedQuery = "DUPLICATE_NAMED_QUERY"
  case duplicateColumnName = "DUPLICATE_COLUMN_NAME"
  case missingColumnName = "MISSING_COLUMN_NAME"
  case missingCatalogName = "MISSING_CATALOG_NAME"
  case missingSchemaName = "MISSING_SCHEMA_NAME"
  case typeMismatch = "TYPE_MISMATCH"
  case invalidLiteral = "INVALID_LITERAL"
  case columnTypeUnknown = "COLUMN_TYPE_UNKNOWN"
  case mismatchedColumnAliases = "MISMATCHED_COLUMN_ALIASES"
  case ambiguousName = "AMBIGUOUS_NAME"
  case invalidColumnReference = "INVALID_COLUMN_REFERENCE"
  case missingGroupBy = "MISSING_GROUP_BY"
  case missingOrderBy = "MISSING_ORDER_BY"
  case missingOver = "MISSING_OVER"
  case nestedAggregation = "NESTED_AGGREGATION"
  case nestedWindow = "NESTED_WINDOW"
  case expressionNotInDistinct = "EXPRESSION_NOT_IN_DISTINCT"
  case tooManyGroupingSets = "TOO_MANY_GROUPING_SETS"
  case functionNotWindow = "FUNCTION_NOT_WINDOW"
  case functionNotAggregate = "FUNCTION_NOT_AGGREGATE"
  case expressionNotAggregate = "EXPRESSION_NOT_AGGREGATE"
  case expressionNotScalar = "EXPRESSION_NOT_SCALAR"
  case expressionNotConstant = "EXPRESSION_NOT_CONSTANT"
  case invalidArguments = "INVALID_ARGUMENTS"
  case tooManyArguments = "TOO_MANY_ARGUMENTS"
  case invalidPrivilege = "INVALID_PRIVILEGE"
  case duplicateProperty = "DUPLICATE_PROPERTY"
  case invalidParameterUsage = "INVALID_PARAMETER_USAGE"
  case viewIsStale = "VIEW_IS_STALE"
  case viewIsRecursive = "VIEW_IS_RECURSIVE"
  case nullTreatmentNotAllowed = "NULL_TREATMENT_NOT_ALLOWED"
  case invalidRowFilter = "INVALID_ROW_FILTER"
  case invalidColumnMask = "INVALID_COLUMN_MASK"
  case missingTable = "MISSING_TABLE"
  case invalidRecursiveReference = "INVALID_RECURSIVE_REFERENCE"
  case missingColumnAliases = "MISSING_COLUMN_ALIASES"
  case nestedRecursive = "NESTED_RECURSIVE"
  case invalidLimitClause = "INVALID_LIMIT_CLAUSE"
  case invalidOrderBy = "INVALID_ORDER_BY"
  case duplicateWindowName = "DUPLICATE_WINDOW_NAME"
  case invalidWindowReference = "INVALID_WINDOW_REFERENCE"
  case invalidPartitionBy = "INVALID_PARTITION_BY"
  case invalidMaterializedViewProperty = "INVALID_MATERIALIZED_VIEW_PROPERTY"
  case invalidLabel = "INVALID_LABEL"
  case invalidProcessingMode = "INVALID_PROCESSING_MODE"
  case invalidNavigationNesting = "INVALID_NAVIGATION_NESTING"
  case invalidRowPattern = "INVALID_ROW_PATTERN"
  case nestedRowPatternRecognition = "NESTED_ROW_PATTERN_RECOGNITION"
  case tableHasNoColumns = "TABLE_HAS_NO_COLUMNS"
  case invalidRange = "INVALID_RANGE"
  case invalidPatternRecognitionFunction = "INVALID_PATTERN_RECOGNITION_FUNCTION"
  case tableRedirectionError = "TABLE_REDIRECTION_ERROR"
  case missingVariableDefinitions = "MISSING_VARIABLE_DEFINITIONS"
  case missingRowPattern = "MISSING_ROW_PATTERN"
  case invalidWindowMeasure = "INVALID_WINDOW_MEASURE"
  case stackOverflow = "STACK_OVERFLOW"
  case missingReturnType = "MISSING_RETURN_TYPE"
  case ambiguousReturnType = "AMBIGUOUS_RETURN_TYPE"
  case missingArgument = "MISSING_ARGUMENT"
  case duplicateParameterName = "DUPLICATE_PARAMETER_NAME"
  case invalidPath = "INVALID_PATH"
  case jsonInputConversionError = "JSON_INPUT_CONVERSION_ERROR"
  case jsonOutputConversionError = "JSON_OUTPUT_CONVERSION_ERROR"
  case pathEvaluationError = "PATH_EVALUATION_ERROR"
  case invalidJsonLiteral = "INVALID_JSON_LITERAL"
  case jsonValueResultError = "JSON_VALUE_RESULT_ERROR"
  case mergeTargetRowMultipleMatches = "MERGE_TARGET_ROW_MULTIPLE_MATCHES"
  case invalidCopartitioning = "INVALID_COPARTITIONING"
  case invalidTableFunctionInvocation = "INVALID_TABLE_FUNCTION_INVOCATION"
  case duplicateRangeVariable = "DUPLICATE_RANGE_VARIABLE"
  case invalidCheckConstraint = "INVALID_CHECK_CONSTRAINT"
  case invalidCatalogProperty = "INVALID_CATALOG_PROPERTY"
  case catalogUnavailable = "CATALOG_UNAVAILABLE"
  case missingReturn = "MISSING_RETURN"
  case duplicateColumnOrPathName = "DUPLICATE_COLUMN_OR_PATH_NAME"
  case missingPathName = "MISSING_PATH_NAME"
  case invalidPlan = "INVALID_PLAN"
  case invalidViewProperty = "INVALID_VIEW_PROPERTY"
  case invalidEntityKind = "INVALID_ENTITY_KIND"
  case queryExceededCompilerLimit = "QUERY_EXCEEDED_COMPILER_LIMIT"
  case invalidFunctionProperty = "INVALID_FUNCTION_PROPERTY"
  case branchNotFound = "BRANCH_NOT_FOUND"
  case branchAlreadyExists = "BRANCH_ALREADY_EXISTS"
  case invalidBranchProperty = "INVALID_BRANCH_PROPERTY"
  case invalidDefaultColumnValue = "INVALID_DEFAULT_COLUMN_VALUE"
  case invalidGracePeriod = "INVALID_GRACE_PERIOD"
  case transactionAlreadyCommited = "TRANSACTION_ALREADY_COMMITED"
  case genericInternalError = "GENERIC_INTERNAL_ERROR"
  case tooManyRequestsFailed = "TOO_MANY_REQUESTS_FAILED"
  case pageTooLarge = "PAGE_TOO_LARGE"
  case pageTransportError = "PAGE_TRANSPORT_ERROR"
  case pageTransportTimeout = "PAGE_TRANSPORT_TIMEOUT"
  case noNodesAvailable = "NO_NODES_AVAILABLE"
  case remoteTaskError = "REMOTE_TASK_ERROR"
  case compilerError = "COMPILER_ERROR"
  case remoteTaskMismatch = "REMOTE_TASK_MISMATCH"
  case serverShuttingDown = "SERVER_SHUTTING_DOWN"
  case functionImplementationMissing = "FUNCTION_IMPLEMENTATION_MISSING"
  case remoteBufferCloseFailed = "REMOTE_BUFFER_CLOSE_FAILED"
  case serverStartingUp = "SERVER_STARTING_UP"
  case functionImplementationError = "FUNCTION_IMPLEMENTATION_ERROR"
  case invalidProcedureDefinition = "INVALID_PROCEDURE_DEFINITION"
  case procedureCallFailed = "PROCEDURE_CALL_FAILED"
  case ambiguousFunctionImplementation = "AMBIGUOUS_FUNCTION_IMPLEMENTATION"
  case abandonedTask = "ABANDONED_TASK"
  case corruptSerializedIdentity = "CORRUPT_SERIALIZED_IDENTITY"
  case corruptPage = "CORRUPT_PAGE"
  case optimizerTimeout = "OPTIMIZER_TIMEOUT"
  case outOfSpillSpace = "OUT_OF_SPILL_SPACE"
  case remoteHostGone = "REMOTE_HOST_GONE"
  case configurationInvalid = "CONFIGURATION_INVALID"
  case configurationUnavailable = "CONFIGURATION_UNAVAILABLE"
  case invalidResourceGroup = "INVALID_RESOURCE_GROUP"
  case serializationError = "SERIALIZATION_ERROR"
  case remoteTaskFailed = "REMOTE_TASK_FAILED"
  case exchangeManagerNotConfigured = "EXCHANGE_MANAGER_NOT_CONFIGURED"
  case catalogNotAvailable = "CATALOG_NOT_AVAILABLE"
  case catalogStoreError = "CATALOG_STORE_ERROR"
  case genericInsufficientResources = "GENERIC_INSUFFICIENT_RESOURCES"
  case exceededGlobalMemoryLimit = "EXCEEDED_GLOBAL_MEMORY_LIMIT"
  case queryQueueFull = "QUERY_QUEUE_FULL"
  case exceededTimeLimit = "EXCEEDED_TIME_LIMIT"
  case clusterOutOfMemory = "CLUSTER_OUT_OF_MEMORY"
  case exceededCpuLimit = "EXCEEDED_CPU_LIMIT"
  case exceededSpillLimit = "EXCEEDED_SPILL_LIMIT"
  case exceededLocalMemoryLimit = "EXCEEDED_LOCAL_MEMORY_LIMIT"
  case administrativelyPreempted = "ADMINISTRATIVELY_PREEMPTED"
  case exceededScanLimit = "EXCEEDED_SCAN_LIMIT"
  case exceededTaskDescriptorStorageCapacity = "EXCEEDED_TASK_DESCRIPTOR_STORAGE_CAPACITY"
  case exceededWriteLimit = "EXCEEDED_WRITE_LIMIT"
  case unsupportedTableType = "UNSUPPORTED_TABLE_TYPE"
  case hiveMetastoreError = "HIVE_METASTORE_ERROR"
  case hiveCursorError = "HIVE_CURSOR_ERROR"
  case hiveTableOffline = "HIVE_TABLE_OFFLINE"
  case hiveCannotOpenSplit = "HIVE_CANNOT_OPEN_SPLIT"
  case hiveFileNotFound = "HIVE_FILE_NOT_FOUND"
  case hiveUnknownError = "HIVE_UNKNOWN_ERROR"
  case hivePartitionOffline = "HIVE_PARTITION_OFFLINE"
  case hiveBadData = "HIVE_BAD_DATA"
  case hivePartitionSchemaMismatch = "HIVE_PARTITION_SCHEMA_MISMATCH"
  case hiveMissingData = "HIVE_MISSING_DATA"
  case hiveInvalidPartitionValue = "HIVE_INVALID_PARTITION_VALUE"
  case hiveTimezoneMismatch = "HIVE_TIMEZONE_MISMATCH"
  case hiveInvalidMetadata = "HIVE_INVALID_METADATA"
  case hiveInvalidViewData = "HIVE_INVALID_VIEW_DATA"
  case hiveDatabaseLocationError = "HIVE_DATABASE_LOCATION_ERROR"
  case hivePathAlreadyExists = "HIVE_PATH_ALREADY_EXISTS"
  case hiveFilesystemError = "HIVE_FILESYSTEM_ERROR"
  case hiveSerdeNotFound = "HIVE_SERDE_NOT_FOUND"
  case hiveUnsupportedFormat = "HIVE_UNSUPPORTED_FORMAT"
  case hivePartitionReadOnly = "HIVE_PARTITION_READ_ONLY"
  case hiveTooManyOpenPartitions = "HIVE_TOO_MANY_OPEN_PARTITIONS"
  case hiveConcurrentModificationDetected = "HIVE_CONCURRENT_MODIFICATION_DETECTED"
  case hiveColumnOrderMismatch = "HIVE_COLUMN_ORDER_MISMATCH"
  case hiveFileMissingColumnNames = "HIVE_FILE_MISSING_COLUMN_NAMES"
  case hiveWriterOpenError = "HIVE_WRITER_OPEN_ERROR"
  case hiveWriterCloseError = "HIVE_WRITER_CLOSE_ERROR"
  case hiveWriterDataError = "HIVE_WRITER_DATA_ERROR"
  case hiveInvalidBucketFiles = "HIVE_INVALID_BUCKET_FILES"
  case hiveExceededPartitionLimit = "HIVE_EXCEEDED_PARTITION_LIMIT"
  case hiveWriteValidationFailed = "HIVE_WRITE_VALIDATION_FAILED"
  case hivePartitionDroppedDuringQuery = "HIVE_PARTITION_DROPPED_DURING_QUERY"
  case hiveTableReadOnly = "HIVE_TABLE_READ_ONLY"
  case hivePartitionNotReadable = "HIVE_PARTITION_NOT_READABLE"
  case hiveTableNotReadable = "HIVE_TABLE_NOT_READABLE"
  case hiveTableDroppedDuringQuery = "HIVE_TABLE_DROPPED_DURING_QUERY"
  case hiveCorruptedColumnStatistics = "HIVE_CORRUPTED_COLUMN_STATISTICS"
  case hiveExceededSplitBufferingLimit = "HIVE_EXCEEDED_SPLIT_BUFFERING_LIMIT"
  case hiveUnknownColumnStatisticType = "HIVE_UNKNOWN_COLUMN_STATISTIC_TYPE"
  case hiveTableLockNotAcquired = "HIVE_TABLE_LOCK_NOT_ACQUIRED"
  case hiveViewTranslationError = "HIVE_VIEW_TRANSLATION_ERROR"
  case hivePartitionNotFound = "HIVE_PARTITION_NOT_FOUND"
  case hiveInvalidTimestampCoercion = "HIVE_INVALID_TIMESTAMP_COERCION"
  case hiveUnserializableJsonValue = "HIVE_UNSERIALIZABLE_JSON_VALUE"
  case icebergInvalidMetadata = "ICEBERG_INVALID_METADATA"
  case icebergTooManyOpenPartitions = "ICEBERG_TOO_MANY_OPEN_PARTITIONS"
  case icebergInvalidPartitionValue = "ICEBERG_INVALID_PARTITION_VALUE"
  case icebergBadData = "ICEBERG_BAD_DATA"
  case icebergMissingData = "ICEBERG_MISSING_DATA"
  case icebergCannotOpenSplit = "ICEBERG_CANNOT_OPEN_SPLIT"
  case icebergWriterOpenError = "ICEBERG_WRITER_OPEN_ERROR"
  case icebergFilesystemError = "ICEBERG_FILESYSTEM_ERROR"
  case icebergCursorError = "ICEBERG_CURSOR_ERROR"
  case icebergWriteValidationFailed = "ICEBERG_WRITE_VALIDATION_FAILED"
  case icebergInvalidSnapshotId = "ICEBERG_INVALID_SNAPSHOT_ID"
  case icebergCommitError = "ICEBERG_COMMIT_ERROR"
  case icebergCatalogError = "ICEBERG_CATALOG_ERROR"
  case icebergWriterCloseError = "ICEBERG_WRITER_CLOSE_ERROR"
  case icebergMissingMetadata = "ICEBERG_MISSING_METADATA"
  case icebergWriterDataError = "ICEBERG_WRITER_DATA_ERROR"
  case icebergUnsupportedViewDialect = "ICEBERG_UNSUPPORTED_VIEW_DIALECT"
  case icebergDeletionVectorTooLarge = "ICEBERG_DELETION_VECTOR_TOO_LARGE"
  case deltaLakeInvalidSchema = "DELTA_LAKE_INVALID_SCHEMA"
  case deltaLakeInvalidTable = "DELTA_LAKE_INVALID_TABLE"
  case deltaLakeBadData = "DELTA_LAKE_BAD_DATA"
  case deltaLakeBadWrite = "DELTA_LAKE_BAD_WRITE"
  case deltaLakeFilesystemError = "DELTA_LAKE_FILESYSTEM_ERROR"

  /// The five characters that the PostgreSQL wire protocol carries.
  public var sqlState: String {
    switch self {
    case .notSupported,
      .hiveUnsupportedFormat:
      "0A000"
    case .subqueryMultipleRows:
      "21000"
    case .numericValueOutOfRange:
      "22003"
    case .divisionByZero:
      "22012"
    case .invalidCastArgument:
      "22018"
    case .invalidLimitClause:
      "2201W"
    case .invalidFunctionArgument,
      .invalidArguments:
      "22023"
    case .invalidLiteral,
      .hiveInvalidPartitionValue:
      "22P02"
    case .constraintViolation:
      "23000"
    case .readOnlyViolation:
      "25006"
    case .notInTransaction:
      "25P01"
    case .transactionAlreadyAborted:
      "25P02"
    case .schemaNotEmpty:
      "2BP01"
    case .catalogNotFound:
      "3D000"
    case .schemaNotFound:
      "3F000"
    case .transactionConflict:
      "40001"
    case .genericUserError,
      .abandonedQuery,
      .invalidView,
      .invalidSessionProperty,
      .invalidTableProperty,
      .unknownTransaction,
      .multiCatalogWriteConflict,
      .autocommitWriteConflict,
      .unsupportedIsolationLevel,
      .incompatibleClient,
      .procedureNotFound,
      .invalidProcedureArgument,
      .queryRejected,
      .invalidSchemaProperty,
      .unsupportedSubquery,
      .exceededFunctionMemoryLimit,
      .administrativelyKilled,
      .invalidColumnProperty,
      .queryHasTooManyStages,
      .invalidSpatialPartitioning,
      .invalidAnalyzeProperty,
      .roleNotFound,
      .roleAlreadyExists,
      .missingColumnName,
      .missingCatalogName,
      .missingSchemaName,
      .columnTypeUnknown,
      .missingOrderBy,
      .expressionNotInDistinct,
      .tooManyGroupingSets,
      .functionNotWindow,
      .functionNotAggregate,
      .invalidPrivilege,
      .duplicateProperty,
      .invalidParameterUsage,
      .viewIsStale,
      .viewIsRecursive,
      .nullTreatmentNotAllowed,
      .invalidRowFilter,
      .invalidColumnMask,
      .missingTable,
      .invalidRecursiveReference,
      .missingColumnAliases,
      .nestedRecursive,
      .invalidOrderBy,
      .duplicateWindowName,
      .invalidWindowReference,
      .invalidPartitionBy,
      .invalidMaterializedViewProperty,
      .invalidLabel,
      .invalidProcessingMode,
      .invalidNavigationNesting,
      .invalidRowPattern,
      .nestedRowPatternRecognition,
      .tableHasNoColumns,
      .invalidRange,
      .invalidPatternRecognitionFunction,
      .tableRedirectionError,
      .missingVariableDefinitions,
      .missingRowPattern,
      .invalidWindowMeasure,
      .missingReturnType,
      .ambiguousReturnType,
      .missingArgument,
      .duplicateParameterName,
      .invalidPath,
      .jsonInputConversionError,
      .jsonOutputConversionError,
      .pathEvaluationError,
      .invalidJsonLiteral,
      .jsonValueResultError,
      .mergeTargetRowMultipleMatches,
      .invalidCopartitioning,
      .invalidTableFunctionInvocation,
      .duplicateRangeVariable,
      .invalidCheckConstraint,
      .invalidCatalogProperty,
      .catalogUnavailable,
      .missingReturn,
      .duplicateColumnOrPathName,
      .missingPathName,
      .invalidPlan,
      .invalidViewProperty,
      .invalidEntityKind,
      .queryExceededCompilerLimit,
      .invalidFunctionProperty,
      .branchNotFound,
      .branchAlreadyExists,
      .invalidBranchProperty,
      .invalidDefaultColumnValue,
      .invalidGracePeriod,
      .transactionAlreadyCommited,
      .hiveTableOffline,
      .hivePartitionOffline,
      .hivePartitionReadOnly,
      .hiveTooManyOpenPartitions,
      .hiveColumnOrderMismatch,
      .hiveExceededPartitionLimit,
      .hiveTableReadOnly,
      .hivePartitionNotReadable,
      .hiveTableNotReadable,
      .hiveExceededSplitBufferingLimit,
      .hivePartitionNotFound,
      .hiveUnserializableJsonValue,
      .icebergTooManyOpenPartitions,
      .icebergInvalidSnapshotId:
      "42000"
    case .permissionDenied:
      "42501"
    case .syntaxError:
      "42601"
    case .columnAlreadyExists,
      .duplicateColumnName:
      "42701"
    case .ambiguousName:
      "42702"
    case .columnNotFound:
      "42703"
    case .notFound,
      .typeNotFound:
      "42704"
    case .alreadyExists:
      "42710"
    case .duplicateNamedQuery:
      "42712"
    case .ambiguousFunctionCall:
      "42725"
    case .missingGroupBy,
      .nestedAggregation,
      .expressionNotAggregate,
      .expressionNotScalar:
      "42803"
    case .typeMismatch,
      .hivePartitionSchemaMismatch:
      "42804"
    case .functionNotFound,
      .operatorNotFound:
      "42883"
    case .tableNotFound:
      "42P01"
    case .schemaAlreadyExists:
      "42P06"
    case .tableAlreadyExists:
      "42P07"
    case .mismatchedColumnAliases,
      .invalidColumnReference,
      .expressionNotConstant:
      "42P10"
    case .invalidWindowFrame,
      .missingOver,
      .nestedWindow:
      "42P20"
    case .genericInsufficientResources,
      .queryQueueFull,
      .clusterOutOfMemory,
      .exceededCpuLimit,
      .administrativelyPreempted,
      .exceededScanLimit,
      .exceededTaskDescriptorStorageCapacity,
      .exceededWriteLimit:
      "53000"
    case .outOfSpillSpace,
      .exceededSpillLimit:
      "53100"
    case .exceededGlobalMemoryLimit,
      .exceededLocalMemoryLimit:
      "53200"
    case .queryTextTooLarge:
      "54000"
    case .stackOverflow:
      "54001"
    case .tooManyArguments:
      "54023"
    case .userCanceled,
      .exceededTimeLimit:
      "57014"
    case .unsupportedTableType,
      .hiveMetastoreError,
      .hiveCursorError,
      .hiveUnknownError,
      .hiveMissingData,
      .hiveTimezoneMismatch,
      .hiveInvalidViewData,
      .hiveDatabaseLocationError,
      .hivePathAlreadyExists,
      .hiveSerdeNotFound,
      .hiveConcurrentModificationDetected,
      .hiveFileMissingColumnNames,
      .hiveWriterOpenError,
      .hiveWriterCloseError,
      .hiveWriterDataError,
      .hiveInvalidBucketFiles,
      .hivePartitionDroppedDuringQuery,
      .hiveTableDroppedDuringQuery,
      .hiveCorruptedColumnStatistics,
      .hiveTableLockNotAcquired,
      .hiveViewTranslationError,
      .hiveInvalidTimestampCoercion,
      .icebergInvalidMetadata,
      .icebergInvalidPartitionValue,
      .icebergBadData,
      .icebergMissingData,
      .icebergCannotOpenSplit,
      .icebergWriterOpenError,
      .icebergFilesystemError,
      .icebergCursorError,
      .icebergCommitError,
      .icebergCatalogError,
      .icebergWriterCloseError,
      .icebergMissingMetadata,
      .icebergWriterDataError,
      .icebergUnsupportedViewDialect,
      .icebergDeletionVectorTooLarge,
      .deltaLakeInvalidSchema,
      .deltaLakeInvalidTable,
      .deltaLakeBadData,
      .deltaLakeBadWrite,
      .deltaLakeFilesystemError:
      "58000"
    case .hiveCannotOpenSplit,
      .hiveFilesystemError:
      "58030"
    case .hiveFileNotFound:
      "58P01"
    case .genericInternalError,
      .tooManyRequestsFailed,
      .pageTooLarge,
      .pageTransportError,
      .pageTransportTimeout,
      .noNodesAvailable,
      .remoteTaskError,
      .compilerError,
      .remoteTaskMismatch,
      .serverShuttingDown,
      .functionImplementationMissing,
      .remoteBufferCloseFailed,
      .serverStartingUp,
      .functionImplementationError,
      .invalidProcedureDefinition,
      .procedureCallFailed,
      .ambiguousFunctionImplementation,
      .abandonedTask,
      .corruptSerializedIdentity,
      .corruptPage,
      .optimizerTimeout,
      .remoteHostGone,
      .configurationInvalid,
      .configurationUnavailable,
      .invalidResourceGroup,
      .serializationError,
      .remoteTaskFailed,
      .exchangeManagerNotConfigured,
      .catalogNotAvailable,
      .catalogStoreError,
      .hiveWriteValidationFailed,
      .hiveUnknownColumnStatisticType,
      .icebergWriteValidationFailed:
      "XX000"
    case .hiveBadData,
      .hiveInvalidMetadata:
      "XX001"
    }
  }

  /// Who can mend the error.
  public var errorClass: ErrorClass {
    switch self {
    case .unsupportedTableType,
      .hiveMetastoreError,
      .hiveCursorError,
      .hiveCannotOpenSplit,
      .hiveFileNotFound,
      .hiveUnknownError,
      .hiveBadData,
      .hivePartitionSchemaMismatch,
      .hiveMissingData,
      .hiveInvalidPartitionValue,
      .hiveTimezoneMismatch,
      .hiveInvalidMetadata,
      .hiveInvalidViewData,
      .hiveDatabaseLocationError,
      .hivePathAlreadyExists,
      .hiveFilesystemError,
      .hiveSerdeNotFound,
      .hiveUnsupportedFormat,
      .hiveConcurrentModificationDetected,
      .hiveFileMissingColumnNames,
      .hiveWriterOpenError,
      .hiveWriterCloseError,
      .hiveWriterDataError,
      .hiveInvalidBucketFiles,
      .hivePartitionDroppedDuringQuery,
      .hiveTableDroppedDuringQuery,
      .hiveCorruptedColumnStatistics,
      .hiveTableLockNotAcquired,
      .hiveViewTranslationError,
      .hiveInvalidTimestampCoercion,
      .icebergInvalidMetadata,
      .icebergInvalidPartitionValue,
      .icebergBadData,
      .icebergMissingData,
      .icebergCannotOpenSplit,
      .icebergWriterOpenError,
      .icebergFilesystemError,
      .icebergCursorError,
      .icebergCommitError,
      .icebergCatalogError,
      .icebergWriterCloseError,
      .icebergMissingMetadata,
      .icebergWriterDataError,
      .icebergUnsupportedViewDialect,
      .icebergDeletionVectorTooLarge,
      .deltaLakeInvalidSchema,
      .deltaLakeInvalidTable,
      .deltaLakeBadData,
      .deltaLakeBadWrite,
      .deltaLakeFilesystemError:
      .external
    case .genericInternalError,
      .tooManyRequestsFailed,
      .pageTooLarge,
      .pageTransportError,
      .pageTransportTimeout,
      .noNodesAvailable,
      .remoteTaskError,
      .compilerError,
      .remoteTaskMismatch,
      .serverShuttingDown,
      .functionImplementationMissing,
      .remoteBufferCloseFailed,
      .serverStartingUp,
      .functionImplementationError,
      .invalidProcedureDefinition,
      .procedureCallFailed,
      .ambiguousFunctionImplementation,
      .abandonedTask,
      .corruptSerializedIdentity,
      .corruptPage,
      .optimizerTimeout,
      .outOfSpillSpace,
      .remoteHostGone,
      .configurationInvalid,
      .configurationUnavailable,
      .invalidResourceGroup,
      .serializationError,
      .remoteTaskFailed,
      .exchangeManagerNotConfigured,
      .catalogNotAvailable,
      .catalogStoreError,
      .hiveWriteValidationFailed,
      .hiveUnknownColumnStatisticType,
      .icebergWriteValidationFailed:
      .internal
    case .genericInsufficientResources,
      .exceededGlobalMemoryLimit,
      .queryQueueFull,
      .exceededTimeLimit,
      .clusterOutOfMemory,
      .exceededCpuLimit,
      .exceededSpillLimit,
      .exceededLocalMemoryLimit,
      .administrativelyPreempted,
      .exceededScanLimit,
      .exceededTaskDescriptorStorageCapacity,
      .exceededWriteLimit:
      .resources
    case .genericUserError,
      .syntaxError,
      .abandonedQuery,
      .userCanceled,
      .permissionDenied,
      .notFound,
      .functionNotFound,
      .invalidFunctionArgument,
      .divisionByZero,
      .invalidCastArgument,
      .operatorNotFound,
      .invalidView,
      .alreadyExists,
      .notSupported,
      .invalidSessionProperty,
      .invalidWindowFrame,
      .constraintViolation,
      .transactionConflict,
      .invalidTableProperty,
      .numericValueOutOfRange,
      .unknownTransaction,
      .notInTransaction,
      .transactionAlreadyAborted,
      .readOnlyViolation,
      .multiCatalogWriteConflict,
      .autocommitWriteConflict,
      .unsupportedIsolationLevel,
      .incompatibleClient,
      .subqueryMultipleRows,
      .procedureNotFound,
      .invalidProcedureArgument,
      .queryRejected,
      .ambiguousFunctionCall,
      .invalidSchemaProperty,
      .schemaNotEmpty,
      .queryTextTooLarge,
      .unsupportedSubquery,
      .exceededFunctionMemoryLimit,
      .administrativelyKilled,
      .invalidColumnProperty,
      .queryHasTooManyStages,
      .invalidSpatialPartitioning,
      .invalidAnalyzeProperty,
      .typeNotFound,
      .catalogNotFound,
      .schemaNotFound,
      .tableNotFound,
      .columnNotFound,
      .roleNotFound,
      .schemaAlreadyExists,
      .tableAlreadyExists,
      .columnAlreadyExists,
      .roleAlreadyExists,
      .duplicateNamedQuery,
      .duplicateColumnName,
      .missingColumnName,
      .missingCatalogName,
      .missingSchemaName,
      .typeMismatch,
      .invalidLiteral,
      .columnTypeUnknown,
      .mismatchedColumnAliases,
      .ambiguousName,
      .invalidColumnReference,
      .missingGroupBy,
      .missingOrderBy,
      .missingOver,
      .nestedAggregation,
      .nestedWindow,
      .expressionNotInDistinct,
      .tooManyGroupingSets,
      .functionNotWindow,
      .functionNotAggregate,
      .expressionNotAggregate,
      .expressionNotScalar,
      .expressionNotConstant,
      .invalidArguments,
      .tooManyArguments,
      .invalidPrivilege,
      .duplicateProperty,
      .invalidParameterUsage,
      .viewIsStale,
      .viewIsRecursive,
      .nullTreatmentNotAllowed,
      .invalidRowFilter,
      .invalidColumnMask,
      .missingTable,
      .invalidRecursiveReference,
      .missingColumnAliases,
      .nestedRecursive,
      .invalidLimitClause,
      .invalidOrderBy,
      .duplicateWindowName,
      .invalidWindowReference,
      .invalidPartitionBy,
      .invalidMaterializedViewProperty,
      .invalidLabel,
      .invalidProcessingMode,
      .invalidNavigationNesting,
      .invalidRowPattern,
      .nestedRowPatternRecognition,
      .tableHasNoColumns,
      .invalidRange,
      .invalidPatternRecognitionFunction,
      .tableRedirectionError,
      .missingVariableDefinitions,
      .missingRowPattern,
      .invalidWindowMeasure,
      .stackOverflow,
      .missingReturnType,
      .ambiguousReturnType,
      .missingArgument,
      .duplicateParameterName,
      .invalidPath,
      .jsonInputConversionError,
      .jsonOutputConversionError,
      .pathEvaluationError,
      .invalidJsonLiteral,
      .jsonValueResultError,
      .mergeTargetRowMultipleMatches,
      .invalidCopartitioning,
      .invalidTableFunctionInvocation,
      .duplicateRangeVariable,
      .invalidCheckConstraint,
      .invalidCatalogProperty,
      .catalogUnavailable,
      .missingReturn,
      .duplicateColumnOrPathName,
      .missingPathName,
      .invalidPlan,
      .invalidViewProperty,
      .invalidEntityKind,
      .queryExceededCompilerLimit,
      .invalidFunctionProperty,
      .branchNotFound,
      .branchAlreadyExists,
      .invalidBranchProperty,
      .invalidDefaultColumnValue,
      .invalidGracePeriod,
      .transactionAlreadyCommited,
      .hiveTableOffline,
      .hivePartitionOffline,
      .hivePartitionReadOnly,
      .hiveTooManyOpenPartitions,
      .hiveColumnOrderMismatch,
      .hiveExceededPartitionLimit,
      .hiveTableReadOnly,
      .hivePartitionNotReadable,
      .hiveTableNotReadable,
      .hiveExceededSplitBufferingLimit,
      .hivePartitionNotFound,
      .hiveUnserializableJsonValue,
      .icebergTooManyOpenPartitions,
      .icebergInvalidSnapshotId:
      .user
    }
  }

  /// Whether `TRY(...)` and `TRY_CAST` turn the error into NULL.
  public var isCaughtByTry: Bool {
    switch self {
    case .invalidFunctionArgument,
      .divisionByZero,
      .invalidCastArgument,
      .numericValueOutOfRange:
      true
    default:
      false
    }
  }
}
