import ClassicML
import TensorCore
import Testing

/// Figures from the texts of the exercises of Andrew Ng's course "Machine Learning" (2011), on their data.
@Suite("The course's exercises")
struct ExerciseTests {
  @Test("5: cost and gradient of regularised linear regression at θ = (1, 1)")
  func reservoirs() throws {
    let x = Tensor(Self.waterLevels, dtype: .float64)
    let y = Tensor(Self.flows, dtype: .float64)
    // J = Σ(θ₀ + θ₁x − y)²/2m + λθ₁²/2m, λ = 1
    func cost(_ theta: Tensor) -> Tensor {
      ((theta[1] * x + theta[0] - y).square().sum() + theta[1].square()) / (2 * Double(x.count))
    }
    let theta = Tensor([1.0, 1.0], dtype: .float64)
    #expect(abs(cost(theta).item() - 303.993) < 0.0005)
    let gradient = valueWithGradient(of: cost, at: theta).gradient
    #expect(abs(gradient[0].item() + 15.303) < 0.0005 && abs(gradient[1].item() - 598.251) < 0.0005)
    // Ridge has the best of these θ: no direction leads down from there.
    let fitted = try Ridge(strength: 1).fit(x.unsqueezed(1), y)
    let best = Tensor([fitted.intercept.item(), fitted.coefficients.item()], dtype: .float64)
    #expect(valueWithGradient(of: cost, at: best).gradient.abs().max().item() < 1e-10)
  }

  @Test("7: the first principal component of normalised points is (0.707, 0.707), but for its sign")
  func components() throws {
    let x = Tensor(Self.points, shape: [50, 2], dtype: .float64)
    let fitted = try StandardScaler().then(PCA(components: 1)).fit(x)
    let first = fitted.last.components[0].scalars(as: Double.self)
    #expect(abs(abs(first[0]) - 0.707) < 0.0005 && abs(first[0] - first[1]) < 1e-9)
  }

  private static let waterLevels = [
    -15.93675813, -29.15297922, 36.18954863, 37.49218733, -48.05882945, -8.94145794, 15.30779289, -34.70626581,
    1.38915437, -44.38375985, 7.01350208, 22.76274892,
  ]

  private static let flows = [
    2.13431051, 1.17325668, 34.35910918, 36.83795516, 2.80896507, 2.12107248, 14.71026831, 2.61418439, 3.74017167,
    3.73169131, 7.62765885, 22.7524283,
  ]

  private static let points = [
    3.38156267, 3.38911268, 4.52787538, 5.85417810, 2.65568187, 4.41199472, 2.76523467, 3.71541365, 2.84656011,
    4.17550645, 3.89067196, 6.48838087, 3.47580524, 3.63284876, 5.91129845, 6.68076853, 3.92889397, 5.09844661,
    4.56183537, 5.62329929, 4.57407171, 5.39765069, 4.37173356, 5.46116549, 4.19169388, 4.95469359, 5.24408518,
    4.66148767, 2.83584020, 3.76801716, 5.63526969, 6.31211438, 4.68632968, 5.66524110, 2.85051337, 4.62645627,
    5.11015730, 7.36319662, 5.18256377, 4.64650909, 5.70732809, 6.68103995, 3.57968458, 4.80278074, 5.63937773,
    6.12043594, 4.26346851, 4.68942896, 2.53651693, 3.88449078, 3.22382902, 4.94255585, 4.92948801, 5.95501971,
    5.79295774, 5.10839305, 2.81684824, 4.81895769, 3.88882414, 5.10036564, 3.34323419, 5.89301345, 5.87973414,
    5.52141664, 3.10391912, 3.85710242, 5.33150572, 4.68074235, 3.37542687, 4.56537852, 4.77667888, 6.25435039,
    2.67574630, 3.73096988, 5.50027665, 5.67948113, 1.79709714, 3.24753885, 4.32251470, 5.11110472, 4.42100445,
    6.02563978, 3.17929886, 4.43686032, 3.03354125, 3.97879278, 4.60934820, 5.87979200, 2.96378859, 3.30024835,
    3.97176248, 5.40773735, 1.18023321, 2.87869409, 1.91895045, 5.07107848, 3.95524687, 4.50532710, 5.11795499,
    6.08507386,
  ]
}
