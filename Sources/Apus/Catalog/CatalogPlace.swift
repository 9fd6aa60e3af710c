import ApusConnectors
import ApusStorage
import ApusValues
import Glibc

extension ObjectPath {
  /// Where a warehouse is: a URL, or a path made absolute.
  static func warehouse(_ text: String) throws(SQLError) -> ObjectPath {
    let place = try FilesConnector.place(text)
    guard place.scheme == nil, !place.text.hasPrefix("/") else { return place }
    guard let current = getcwd(nil, 0) else { return place }
    defer { free(current) }
    let directory = ObjectPath(String(cString: current))
    return place.text.isEmpty || place.text == "." ? directory : directory.appending(place.text)
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
