// The pairs of classes that are confused most, as shares of the true class.
import { count, percentNumber } from "../format";
import type { Evaluation } from "../generated/schema";

/** The card. */
export function PairsCard({ evaluation }: { evaluation: Evaluation }) {
  const { confused, classes } = evaluation;
  const reach = Math.min(1, Math.max(0.05, ...confused.map((pair) => pair.rate.high)));
  const x = (rate: number) => `${(rate / reach) * 100}%`;
  return (
    <section class="card pairs" aria-label="Most confused pairs">
      <div class="head">
        <h2>Most confused</h2>
        <span class="tag">% of the true class, Wilson 95 %</span>
        <p class="finding">axis 0 – {percentNumber(reach, 0)} %</p>
      </div>
      {confused.length === 0 ? (
        <p class="hint">No class was taken for another.</p>
      ) : (
        <section class="scroll" tabIndex={0} aria-label="Pairs">
          <table>
            <thead>
              <tr>
                <th scope="col">true → predicted</th>
                <th scope="col" class="num">
                  n
                </th>
                <th scope="col" class="num">
                  %
                </th>
                <th scope="col" class="wide">
                  <span class="sr">interval</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {confused.map(({ truth, predicted, rate }) => (
                <tr key={`${truth}-${predicted}`}>
                  <th scope="row">
                    {classes[truth]} → {classes[predicted]}
                  </th>
                  <td class="num mono">
                    {count(rate.hits)} / {count(rate.n)}
                  </td>
                  <td class="num mono">{percentNumber(rate.value)}</td>
                  <td class="wide">
                    <svg class="whisker miss" height="14" aria-hidden="true">
                      <line x1={x(rate.low)} x2={x(rate.high)} y1="7" y2="7" />
                      <circle cx={x(rate.value)} cy="7" r="3.5" />
                    </svg>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  );
}
