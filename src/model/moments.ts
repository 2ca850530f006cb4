/** The means and variances of columns, of rows that come in blocks: in float64, whatever their offset. */
export class Moments {
  #count = 0;
  readonly #mean: Float64Array;
  /** Sums of squares about the mean. */
  readonly #squares: Float64Array;

  constructor(columns: number) {
    this.#mean = new Float64Array(columns);
    this.#squares = new Float64Array(columns);
  }

  get count(): number {
    return this.#count;
  }

  get mean(): Float64Array {
    return this.#mean;
  }

  /** Of all rows, not of a sample: the squares are divided by their count. */
  get variance(): Float64Array {
    return this.#squares.map((sum) => sum / this.#count);
  }

  /**
   * Adds a block of rows, `stride` values apart: its own mean and squares, in two passes over each column, then both
   * blocks together by the formulas of Chan, Golub and LeVeque 1979. The squares of a constant column are exactly 0,
   * since a block's sum is then exact, and so is its mean.
   */
  add(values: Float32Array, rows: number, stride: number): void {
    const total = this.#count + rows;
    for (let column = 0; column < this.#mean.length; column++) {
      let sum = 0;
      for (let row = 0; row < rows; row++) sum += values[row * stride + column];
      const mean = sum / rows;
      let squares = 0;
      for (let row = 0; row < rows; row++) {
        const rest = values[row * stride + column] - mean;
        squares += rest * rest;
      }
      const apart = mean - this.#mean[column];
      this.#mean[column] += (apart * rows) / total;
      this.#squares[column] += squares + (apart * apart * this.#count * rows) / total;
    }
    this.#count = total;
  }
}
