import Applications
import ArgumentParser
import Foundation
import NotebookDisplay

struct Recommend: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what someone may like, or what is like something, with a trained model of ratings.",
    discussion: """
      RUN is the folder of a run of 'glassbox train recommend' that has ended, or a model's file. What a user has rated is not \
      told again; someone whom the training did not know is told what most have rated.

      Examples:

        glassbox recommend runs/recommend-svdpp-20260102-030405 --user 42
        glassbox recommend runs/recommend-svdpp-20260102-030405 --like "Star Wars" --count 5
      """)

  @Argument(help: ArgumentHelp("A run's folder, or a model's file.", valueName: "run"))
  var trained: String

  @Option(help: ArgumentHelp("Whom to recommend to, by the identifier in the ratings.", valueName: "id"))
  var user: String?

  @Option(
    help: ArgumentHelp("Tell what is like this item: its title, a part of that, or its identifier.", valueName: "title")
  )
  var like: String?

  @Option(parsing: .unconditional, help: ArgumentHelp("How many items to tell. (default: 10)", valueName: "n"))
  var count = 10

  @Flag(help: "A JSON object a line for each item.")
  var json = false

  func validate() throws {
    try require(count >= 1, "--count must be 1 or more")
    try require((user == nil) != (like == nil), "give --user or --like, and not both")
  }

  func run() throws {
    let recommender = try Recommender(contentsOf: try URL(filePath: trained).finishedModelFile)
    if let user { recommend(to: user, recommender) }
    if let like { try tell(like: like, recommender) }
  }

  private func recommend(to user: String, _ recommender: Recommender) {
    if !recommender.knows(user) {
      Output.error("glassbox: note: the training did not know user \(user): these are what most have rated.")
    }
    for item in recommender.recommendations(for: user, count: count) {
      var fields = ["item": JSON.string(item.item), "title": .string(item.title)]
      fields["rating"] = item.rating.map { .number($0) }
      let words = (item.rating.map { [$0.formatted(decimals: 2)] } ?? []) + [item.title]
      Output.line(json ? JSON.object(fields).text : words.joined(separator: "  "))
    }
  }

  private func tell(like name: String, _ recommender: Recommender) throws {
    guard let number = recommender.preparation.item(named: name) else {
      throw ResumeError("\(trained) knows no item \"\(name)\"")
    }
    let title = recommender.preparation.titles[number]
    if title != name { Output.error("glassbox: note: like \"\(title)\":") }
    for item in recommender.similar(to: name, count: count) {
      Output.line(
        json
          ? JSON.object(["title": .string(item.title), "cosine": .number(item.cosine)]).text
          : "\(item.cosine.formatted(decimals: 2))  \(item.title)")
    }
  }
}
