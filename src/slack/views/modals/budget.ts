import type { ModalView } from '@slack/types';
import { dollars } from '../../../domain/feature/next.ts';
import type { FeatureState } from '../../../domain/feature/state.ts';
import { callbackId, encodeModal } from '../actions.ts';
import { inputId, plain } from '../parts.ts';
import { type Read, typed, type Values } from '../values.ts';

const field = 'budget';
/** Above any sensible budget of one feature: a slip of the keyboard. */
const most = 10_000;

/** Asks how much a feature may cost. */
export function budgetModal(state: FeatureState, step: number): ModalView {
  const spent = state.spent.dollars;
  const proposal = Math.min(most, Math.ceil(Math.max(state.budget ?? 0, spent) * 1.5));
  return {
    type: 'modal',
    callback_id: callbackId('raise-budget'),
    private_metadata: encodeModal('raise-budget', { id: state.id, step }),
    title: plain('Raise the budget'),
    submit: plain('Raise it'),
    close: plain('Cancel'),
    blocks: [
      {
        type: 'input',
        block_id: field,
        label: plain('New budget of this feature, in dollars'),
        hint: plain(`${dollars(spent)} of ${dollars(state.budget ?? 0)} is spent.`),
        element: {
          type: 'number_input',
          action_id: inputId,
          is_decimal_allowed: true,
          initial_value: String(Math.max(1, proposal)),
        },
      },
    ],
  };
}

/** The new budget of a submitted `budgetModal`, in dollars. */
export function readBudget(values: Values): Read<number> {
  const text = typed(values, field);
  const amount = text === '' ? Number.NaN : Number(text.replace(',', '.'));
  if (Number.isFinite(amount) && amount > 0 && amount <= most) return { value: amount };
  return { errors: { [field]: `Give an amount between 0.01 and ${most} dollars, for example 6.50.` } };
}
