import ApusConnectors
import ApusStorage
import ApusValues
import Glibc

extension ObjectPath {
  /// A place that means the same wherever the process is: a URL, or a path from the root on,
  /// without `.`, `..` and doubled slashes.
  ///
  /// - Throws: NOT_SUPPORTED for a scheme that no store has.
  static func absolute(_ text: String) throws(SQLError) -> ObjectPath {
    let place = try FilesConnector.place(text)
    guard place.scheme == nil else { return place }
    var path = place
    if !place.text.hasPrefix("/") {
      guard let current = getcwd(nil, 0) else { return place }
      defer { free(current) }
      path = ObjectPath(String(cString: current)).appending(place.text)
    }
    var steps: [Substring] = []
    for step in path.text.split(separator: "/") where step != "." {
      if step == ".." {
        _ = steps.popLast()
      } else {
        steps.append(step)
      }
    }
    return ObjectPath("/" + steps.joined(separator: "/"))
  }

  /// Where the catalog of a warehouse is unless told otherwise: in its directory, or for a bucket
  /// among the user's data.
  static func catalog(ofWarehouse root: ObjectPath) -> ObjectPath {
    if root.scheme == nil { return root.appending("_apus/catalog.sqlite") }
    let name = HivePartitionPath.encoded(root.asDirectory.text) + ".sqlite"
    return userData.appending("apus").appending(name)
  }

  /// The directory of a user's data, as the XDG base directory specification has it.
  private static var userData: ObjectPath {
    if let data = getenv("XDG_DATA_HOME"), data.pointee == UInt8(ascii: "/") {
      return ObjectPath(String(cString: data))
    }
    let home = getenv("HOME").map { String(cString: $0) } ?? "/tmp"
    return ObjectPath(home).appending(".local/share")
  }
}
