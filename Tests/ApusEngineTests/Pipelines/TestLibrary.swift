import ApusEngine

/// The functions that plans in these tests call.
let testLibrary = FunctionLibrary([])
