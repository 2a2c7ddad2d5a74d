/** The broker's time: it has no request id, so one question serves all who ask meanwhile. */
import { EventName } from '@stoqey/ib';
import type { IBApi } from '@stoqey/ib';
import type { EpochMs } from '../../domain/vocabulary.js';
import { NoAnswerError } from '../port.js';
import { brokerTimeOf } from './decode.js';
import type { Settings } from './options.js';
import type { Wire } from './wire.js';

export interface ClockHooks {
  readonly onAnswer: (brokerSecondMs: EpochMs, askedAtMs: EpochMs) => void;
  /** The gateway has read the question of this mark, and all that was written before it. */
  readonly onRead: (mark: string) => void;
}

interface Question {
  readonly mark: string;
  readonly answer: Promise<EpochMs>;
  readonly resolve: (timeMs: EpochMs) => void;
  readonly reject: (error: Error) => void;
  writtenAtMs: EpochMs | null;
}

export class BrokerClock {
  private question: Question | null = null;
  private asked = 0;
  /** Questions that were written and given up: their answers may come yet, and answer no later one. */
  private owedAnswers = 0;

  constructor(
    private readonly settings: Settings,
    private readonly wire: Wire,
    private readonly hooks: ClockHooks,
  ) {}

  attach(api: IBApi): void {
    api.on(EventName.currentTime, (seconds: number) => this.take(brokerTimeOf(seconds)));
  }

  /**
   * The broker's clock, in whole seconds.
   * @throws NoAnswerError, or NotSentError while not connected.
   */
  ask(): Promise<EpochMs> {
    if (this.question) return this.question.answer;
    this.asked += 1;
    const question = openQuestion(`time ${this.asked}`);
    this.question = question;
    const timer = setTimeout(
      () => this.end(question, new NoAnswerError('the gateway did not tell its time')),
      this.settings.limits.requestTimeoutMs,
    );
    const stop = (): void => clearTimeout(timer);
    question.answer.then(stop, stop);
    // Before other work: whether the gateway is alive must not depend on how busy this system is.
    const { mark } = question;
    this.wire
      .ask((api) => this.write(api, question), { priority: 'proof', mark })
      .catch((error: unknown) =>
        this.end(question, error instanceof Error ? error : new Error(String(error))),
      );
    return question.answer;
  }

  connectionLost(reason: string): void {
    if (this.question) this.end(this.question, new NoAnswerError(`no broker time: ${reason}`));
    this.owedAnswers = 0;
  }

  private write(api: IBApi, question: Question): void {
    question.writtenAtMs = this.settings.nowMs();
    api.reqCurrentTime();
  }

  private take(brokerSecondMs: EpochMs): void {
    const { question, hooks } = this;
    if (this.owedAnswers > 0) {
      this.owedAnswers -= 1;
      return;
    }
    if (!question || question.writtenAtMs === null) return;
    this.question = null;
    hooks.onRead(question.mark);
    hooks.onAnswer(brokerSecondMs, question.writtenAtMs);
    question.resolve(brokerSecondMs);
  }

  private end(question: Question, error: Error): void {
    if (this.question === question) {
      this.question = null;
      if (question.writtenAtMs !== null) this.owedAnswers += 1;
    }
    question.reject(error);
  }
}

function openQuestion(mark: string): Question {
  let resolve: Question['resolve'] = () => undefined;
  let reject: Question['reject'] = () => undefined;
  const answer = new Promise<EpochMs>((whenAnswered, whenNot) => {
    resolve = whenAnswered;
    reject = whenNot;
  });
  return { mark, answer, resolve, reject, writtenAtMs: null };
}
