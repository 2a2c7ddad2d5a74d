/**
 * The three big order messages as layouts, field by field: placeOrder, openOrder, completedOrder.
 * Names are IBKR's own field names, and the same value has the same name in all three.
 */
import { isSet } from './layout.js';
import type { Layout, Lookup } from './layout.js';
import { isUnset } from './fields.js';
import { GATE } from './versions.js';

const PEG_BENCH = new Set(['PEG BENCH', 'PEGBENCH']);
const PEG_BEST = new Set(['PEG BEST', 'PEGBEST']);
const PEG_MID = new Set(['PEG MID', 'PEGMID']);

const isBag = (value: Lookup): boolean => value('secType').toUpperCase() === 'BAG';
const isPegBench = (value: Lookup): boolean => PEG_BENCH.has(value('orderType'));
const isPegBest = (value: Lookup): boolean => PEG_BEST.has(value('orderType'));
/** PEG BEST competes up to the midpoint when its offset is infinite. */
const hasMidOffsets = (value: Lookup): boolean =>
  PEG_MID.has(value('orderType')) ||
  (isPegBest(value) && /^inf/i.test(value('competeAgainstBestOffset')));
const hasScale = (value: Lookup): boolean =>
  !isUnset(value('scalePriceIncrement')) && Number(value('scalePriceIncrement')) > 0;
const isTrue = (name: string) => (value: Lookup) => !['', '0'].includes(value(name));
const conditionIs =
  (...types: string[]) =>
  (value: Lookup) =>
    types.includes(value('type'));

/** Numbers of the condition types on the wire. */
const CONDITION = {
  PRICE: '1',
  TIME: '3',
  MARGIN: '4',
  EXECUTION: '5',
  VOLUME: '6',
  PERCENT_CHANGE: '7',
} as const;

/** The contract of requests, 12 fields. */
export const REQUEST_CONTRACT: Layout = [
  'conId',
  'symbol',
  'secType',
  'lastTradeDate',
  'strike',
  'right',
  'multiplier',
  'exchange',
  'primaryExchange',
  'currency',
  'localSymbol',
  'tradingClass',
];

/** reqContractDetails (9), after the request id. An issuer id may follow; it means bonds. */
export const CONTRACT_DETAILS: Layout = [
  ...REQUEST_CONTRACT,
  'includeExpired',
  'secIdType',
  'secId',
];

/** The contract of orders and executions sent to clients, 11 fields. */
export const REPLY_CONTRACT: Layout = REQUEST_CONTRACT.filter((name) => name !== 'primaryExchange');

const LEGS: Layout = [
  {
    count: 'comboLegs',
    each: 'leg',
    items: [
      'conId',
      'ratio',
      'action',
      'exchange',
      'openClose',
      'shortSaleSlot',
      'designatedLocation',
      'exemptCode',
    ],
  },
  { count: 'orderComboLegs', each: 'legPrice', items: ['price'] },
  { count: 'smartComboRoutingParams', each: 'smartParam', items: ['tag', 'value'] },
];

const SCALE_DETAILS: Layout = [
  {
    when: hasScale,
    items: [
      'scalePriceAdjustValue',
      'scalePriceAdjustInterval',
      'scaleProfitOffset',
      'scaleAutoReset',
      'scaleInitPosition',
      'scaleInitFillQty',
      'scaleRandomPercent',
    ],
  },
];

const SCALE: Layout = [
  'scaleInitLevelSize',
  'scaleSubsLevelSize',
  'scalePriceIncrement',
  ...SCALE_DETAILS,
];

const HEDGE: Layout = ['hedgeType', { when: isSet('hedgeType'), items: ['hedgeParam'] }];

const DELTA_NEUTRAL_CONTRACT: Layout = [
  'deltaNeutralContract',
  {
    when: isTrue('deltaNeutralContract'),
    items: ['deltaNeutralContractConId', 'deltaNeutralContractDelta', 'deltaNeutralContractPrice'],
  },
];

const ALGO: Layout = [
  'algoStrategy',
  {
    when: isSet('algoStrategy'),
    items: [{ count: 'algoParams', each: 'algoParam', items: ['tag', 'value'] }],
  },
];

const PEG_BENCH_FIELDS: Layout = [
  {
    when: isPegBench,
    items: [
      'referenceContractId',
      'isPeggedChangeAmountDecrease',
      'peggedChangeAmount',
      'referenceChangeAmount',
      'referenceExchangeId',
    ],
  },
];

const CONDITIONS: Layout = [
  {
    count: 'conditions',
    each: 'condition',
    items: [
      'type',
      'conjunction',
      { when: conditionIs(CONDITION.EXECUTION), items: ['secType', 'exchange', 'symbol'] },
      { when: (value) => !conditionIs(CONDITION.EXECUTION)(value), items: ['isMore', 'value'] },
      {
        when: conditionIs(CONDITION.PRICE, CONDITION.VOLUME, CONDITION.PERCENT_CHANGE),
        items: ['conId', 'exchange'],
      },
      { when: conditionIs(CONDITION.PRICE), items: ['triggerMethod'] },
    ],
  },
  { when: isTrue('conditions'), items: ['conditionsIgnoreRth', 'conditionsCancelOrder'] },
];

const ADJUSTED_AFTER_OFFSET: Layout = [
  'adjustedStopPrice',
  'adjustedStopLimitPrice',
  'adjustedTrailingAmount',
  'adjustableTrailingUnit',
];

const PRICE_AND_BASICS: Layout = [
  'action',
  'totalQuantity',
  'orderType',
  'lmtPrice',
  'auxPrice',
  'tif',
  'ocaGroup',
  'account',
  'openClose',
  'origin',
  'orderRef',
];

const ADVISOR: Layout = [
  'faGroup',
  'faMethod',
  'faPercentage',
  { before: GATE.NO_FA_PROFILE, items: ['faProfile'] },
  'modelCode',
];

const BOX_AND_RANGE: Layout = [
  'startingPrice',
  'stockRefPrice',
  'delta',
  'stockRangeLower',
  'stockRangeUpper',
];

const DELTA_NEUTRAL_ORDER: Layout = [
  'deltaNeutralOrderType',
  'deltaNeutralAuxPrice',
  {
    when: isSet('deltaNeutralOrderType'),
    items: [
      'deltaNeutralConId',
      'deltaNeutralSettlingFirm',
      'deltaNeutralClearingAccount',
      'deltaNeutralClearingIntent',
      'deltaNeutralOpenClose',
      'deltaNeutralShortSale',
      'deltaNeutralShortSaleSlot',
      'deltaNeutralDesignatedLocation',
    ],
  },
];

/** placeOrder (3), after the message id. */
export const PLACE_ORDER: Layout = [
  'orderId',
  ...REQUEST_CONTRACT,
  'secIdType',
  'secId',
  ...PRICE_AND_BASICS,
  'transmit',
  'parentId',
  'blockOrder',
  'sweepToFill',
  'displaySize',
  'triggerMethod',
  'outsideRth',
  'hidden',
  { when: isBag, items: LEGS },
  'sharesAllocation',
  'discretionaryAmt',
  'goodAfterTime',
  'goodTillDate',
  ...ADVISOR,
  'shortSaleSlot',
  'designatedLocation',
  'exemptCode',
  'ocaType',
  'rule80A',
  'settlingFirm',
  'allOrNone',
  'minQty',
  'percentOffset',
  'eTradeOnly',
  'firmQuoteOnly',
  'nbboPriceCap',
  'auctionStrategy',
  ...BOX_AND_RANGE,
  'overridePercentageConstraints',
  'volatility',
  'volatilityType',
  ...DELTA_NEUTRAL_ORDER,
  'continuousUpdate',
  'referencePriceType',
  'trailStopPrice',
  'trailingPercent',
  ...SCALE,
  'scaleTable',
  'activeStartTime',
  'activeStopTime',
  ...HEDGE,
  'optOutSmartRouting',
  'clearingAccount',
  'clearingIntent',
  'notHeld',
  ...DELTA_NEUTRAL_CONTRACT,
  ...ALGO,
  'algoId',
  'whatIf',
  'orderMiscOptions',
  'solicited',
  'randomizeSize',
  'randomizePrice',
  ...PEG_BENCH_FIELDS,
  ...CONDITIONS,
  'adjustedOrderType',
  'triggerPrice',
  'lmtPriceOffset',
  ...ADJUSTED_AFTER_OFFSET,
  'extOperator',
  'softDollarTierName',
  'softDollarTierValue',
  'cashQty',
  'mifid2DecisionMaker',
  'mifid2DecisionAlgo',
  'mifid2ExecutionTrader',
  'mifid2ExecutionAlgo',
  'dontUseAutoPriceForHedge',
  'isOmsContainer',
  'discretionaryUpToLimitPrice',
  'usePriceMgmtAlgo',
  { since: GATE.DURATION, items: ['duration'] },
  { since: GATE.POST_TO_ATS, items: ['postToAts'] },
  { since: GATE.AUTO_CANCEL_PARENT, items: ['autoCancelParent'] },
  { since: GATE.ADVANCED_REJECT, items: ['advancedErrorOverride'] },
  { since: GATE.MANUAL_ORDER_TIME, items: ['manualOrderTime'] },
  {
    since: GATE.PEG_BEST_OFFSETS,
    items: [
      { when: (value) => value('exchange') === 'IBKRATS', items: ['minTradeQty'] },
      { when: isPegBest, items: ['minCompeteSize', 'competeAgainstBestOffset'] },
      { when: hasMidOffsets, items: ['midOffsetAtWhole', 'midOffsetAtHalf'] },
    ],
  },
  { since: GATE.CUSTOMER_ACCOUNT, items: ['customerAccount'] },
  { since: GATE.PROFESSIONAL_CUSTOMER, items: ['professionalCustomer'] },
  { since: GATE.RFQ, before: GATE.NO_RFQ, items: ['externalUserId', 'rfqManualOrderIndicator'] },
  { since: GATE.INCLUDE_OVERNIGHT, items: ['includeOvernight'] },
  { since: GATE.CME_TAGGING, items: ['manualOrderIndicator'] },
];

const PEG_BEST_IN_REPLY: Layout = [
  {
    since: GATE.PEG_BEST_OFFSETS,
    items: [
      'minTradeQty',
      'minCompeteSize',
      'competeAgainstBestOffset',
      'midOffsetAtWhole',
      'midOffsetAtHalf',
    ],
  },
];

/** openOrder (5), after the message id. The second trailStopPrice is the one that clients keep. */
export const OPEN_ORDER: Layout = [
  'orderId',
  ...REPLY_CONTRACT,
  ...PRICE_AND_BASICS,
  'clientId',
  'permId',
  'outsideRth',
  'hidden',
  'discretionaryAmt',
  'goodAfterTime',
  'sharesAllocation',
  ...ADVISOR,
  'goodTillDate',
  'rule80A',
  'percentOffset',
  'settlingFirm',
  'shortSaleSlot',
  'designatedLocation',
  'exemptCode',
  'auctionStrategy',
  ...BOX_AND_RANGE,
  'displaySize',
  'blockOrder',
  'sweepToFill',
  'allOrNone',
  'minQty',
  'ocaType',
  'eTradeOnly',
  'firmQuoteOnly',
  'nbboPriceCap',
  'parentId',
  'triggerMethod',
  'volatility',
  'volatilityType',
  ...DELTA_NEUTRAL_ORDER,
  'continuousUpdate',
  'referencePriceType',
  'trailStopPrice',
  'trailingPercent',
  'basisPoints',
  'basisPointsType',
  'comboLegsDescription',
  ...LEGS,
  ...SCALE,
  ...HEDGE,
  'optOutSmartRouting',
  'clearingAccount',
  'clearingIntent',
  'notHeld',
  ...DELTA_NEUTRAL_CONTRACT,
  ...ALGO,
  'solicited',
  'whatIf',
  'status',
  'initMarginBefore',
  'maintMarginBefore',
  'equityWithLoanBefore',
  'initMarginChange',
  'maintMarginChange',
  'equityWithLoanChange',
  'initMarginAfter',
  'maintMarginAfter',
  'equityWithLoanAfter',
  'commission',
  'minCommission',
  'maxCommission',
  'commissionCurrency',
  'warningText',
  'randomizeSize',
  'randomizePrice',
  ...PEG_BENCH_FIELDS,
  ...CONDITIONS,
  'adjustedOrderType',
  'triggerPrice',
  'trailStopPrice',
  'lmtPriceOffset',
  ...ADJUSTED_AFTER_OFFSET,
  'softDollarTierName',
  'softDollarTierValue',
  'softDollarTierDisplayName',
  'cashQty',
  'dontUseAutoPriceForHedge',
  'isOmsContainer',
  'discretionaryUpToLimitPrice',
  'usePriceMgmtAlgo',
  { since: GATE.DURATION, items: ['duration'] },
  { since: GATE.POST_TO_ATS, items: ['postToAts'] },
  { since: GATE.AUTO_CANCEL_PARENT, items: ['autoCancelParent'] },
  ...PEG_BEST_IN_REPLY,
  { since: GATE.CUSTOMER_ACCOUNT, items: ['customerAccount'] },
  { since: GATE.PROFESSIONAL_CUSTOMER, items: ['professionalCustomer'] },
  { since: GATE.BOND_ACCRUED_INTEREST, items: ['bondAccruedInterest'] },
  { since: GATE.INCLUDE_OVERNIGHT, items: ['includeOvernight'] },
  { since: GATE.CME_TAGGING_IN_OPEN_ORDER, items: ['extOperator', 'manualOrderIndicator'] },
];

/** completedOrder (101), after the message id. It has no order id: clients match it by permId. */
export const COMPLETED_ORDER: Layout = [
  ...REPLY_CONTRACT,
  ...PRICE_AND_BASICS,
  'permId',
  'outsideRth',
  'hidden',
  'discretionaryAmt',
  'goodAfterTime',
  ...ADVISOR,
  'goodTillDate',
  'rule80A',
  'percentOffset',
  'settlingFirm',
  'shortSaleSlot',
  'designatedLocation',
  'exemptCode',
  ...BOX_AND_RANGE,
  'displaySize',
  'sweepToFill',
  'allOrNone',
  'minQty',
  'ocaType',
  'triggerMethod',
  'volatility',
  'volatilityType',
  'deltaNeutralOrderType',
  'deltaNeutralAuxPrice',
  {
    when: isSet('deltaNeutralOrderType'),
    items: [
      'deltaNeutralConId',
      'deltaNeutralShortSale',
      'deltaNeutralShortSaleSlot',
      'deltaNeutralDesignatedLocation',
    ],
  },
  'continuousUpdate',
  'referencePriceType',
  'trailStopPrice',
  'trailingPercent',
  'comboLegsDescription',
  ...LEGS,
  ...SCALE,
  ...HEDGE,
  'clearingAccount',
  'clearingIntent',
  'notHeld',
  ...DELTA_NEUTRAL_CONTRACT,
  ...ALGO,
  'solicited',
  'status',
  'randomizeSize',
  'randomizePrice',
  ...PEG_BENCH_FIELDS,
  ...CONDITIONS,
  'trailStopPrice',
  'lmtPriceOffset',
  'cashQty',
  'dontUseAutoPriceForHedge',
  'isOmsContainer',
  'autoCancelDate',
  'filledQuantity',
  'refFuturesConId',
  'autoCancelParent',
  'shareholder',
  'imbalanceOnly',
  'routeMarketableToBbo',
  'parentPermId',
  'completedTime',
  'completedStatus',
  ...PEG_BEST_IN_REPLY,
  { since: GATE.CUSTOMER_ACCOUNT, items: ['customerAccount'] },
  { since: GATE.PROFESSIONAL_CUSTOMER, items: ['professionalCustomer'] },
];
