import { useState } from "preact/hooks";
import { type ApiError, asApiError } from "./api";

/** What a page does when a request fails: back to the sign-in if that is why, else say it. */
export function useFailure(onSignedOut: () => void): {
  readonly error: ApiError | null;
  readonly fail: (thrown: unknown) => void;
  readonly forget: () => void;
} {
  const [error, setError] = useState<ApiError | null>(null);
  const fail = (thrown: unknown) => {
    const failure = asApiError(thrown);
    if (failure.status === 401) onSignedOut();
    else setError(failure);
  };
  return { error, fail, forget: () => setError(null) };
}
