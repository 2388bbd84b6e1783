/// Why a file is no input of the network.
enum InputError: Error, CustomStringConvertible {
  case shape(path: String, found: [Int], needed: [Int])
  case notFinite(path: String)
  case channels(path: String, needed: Int)

  var description: String {
    switch self {
    case .shape(let path, let found, let needed):
      "\(path): has shape \(found) where the network takes \(needed); "
        + "give --resolution or another input"
    case .notFinite(let path):
      "\(path): holds NaN or infinity; no network can run on it"
    case .channels(let path, let needed):
      "\(path): is an image of 3 channels where the network takes \(needed); give an .npy file"
    }
  }
}
