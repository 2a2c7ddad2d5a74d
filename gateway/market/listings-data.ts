/**
 * The instruments every gateway knows: large US stocks and funds. One line each:
 * symbol | conId | name | listing exchange | industry | category | subcategory | price | ISIN.
 *
 * Prices are plausible round figures to start a simulation from, not quotes. ConIds are stable here;
 * well-known ones are IBKR's, those above 700000000 are the gateway's own.
 * ISINs are the real ones.
 */
export const LISTING_LINES = `
AAPL|265598|APPLE INC|NASDAQ|Technology|Computers|Computers|230.00|US0378331005
MSFT|272093|MICROSOFT CORP|NASDAQ|Technology|Software|Applications Software|420.00|US5949181045
NVDA|4815747|NVIDIA CORP|NASDAQ|Technology|Semiconductors|Electronic Compo-Semicon|140.00|US67066G1040
AMZN|3691937|AMAZON.COM INC|NASDAQ|Communications|Internet|E-Commerce/Products|200.00|US0231351067
GOOGL|208813719|ALPHABET INC-CL A|NASDAQ|Communications|Internet|Web Portals/ISP|175.00|US02079K3059
GOOG|208813720|ALPHABET INC-CL C|NASDAQ|Communications|Internet|Web Portals/ISP|177.00|US02079K1079
META|107113386|META PLATFORMS INC-CLASS A|NASDAQ|Communications|Internet|Internet Content-Entmnt|560.00|US30303M1027
TSLA|76792991|TESLA INC|NASDAQ|Consumer, Cyclical|Auto Manufacturers|Auto-Cars/Light Trucks|340.00|US88160R1014
AVGO|313130367|BROADCOM INC|NASDAQ|Technology|Semiconductors|Electronic Compo-Semicon|170.00|US11135F1012
NFLX|15124833|NETFLIX INC|NASDAQ|Communications|Internet|Internet Content-Entmnt|850.00|US64110L1061
AMD|4391|ADVANCED MICRO DEVICES|NASDAQ|Technology|Semiconductors|Electronic Compo-Semicon|140.00|US0079031078
INTC|270639|INTEL CORP|NASDAQ|Technology|Semiconductors|Electronic Compo-Semicon|24.00|US4581401001
CSCO|268084|CISCO SYSTEMS INC|NASDAQ|Communications|Telecommunications|Networking Products|57.00|US17275R1023
ORCL|272800|ORACLE CORP|NYSE|Technology|Software|Enterprise Software/Serv|185.00|US68389X1054
ADBE|265768|ADOBE INC|NASDAQ|Technology|Software|Applications Software|500.00|US00724F1012
CRM|700000001|SALESFORCE INC|NYSE|Technology|Software|Applications Software|330.00|US79466L3024
QCOM|273544|QUALCOMM INC|NASDAQ|Technology|Semiconductors|Semicon Compo-Intg Circu|160.00|US7475251036
TXN|700000002|TEXAS INSTRUMENTS INC|NASDAQ|Technology|Semiconductors|Electronic Compo-Semicon|200.00|US8825081040
MU|700000003|MICRON TECHNOLOGY INC|NASDAQ|Technology|Semiconductors|Electronic Compo-Semicon|100.00|US5951121038
AMAT|700000004|APPLIED MATERIALS INC|NASDAQ|Technology|Semiconductors|Semiconductor Equipment|180.00|US0382221051
IBM|8314|INTL BUSINESS MACHINES CORP|NYSE|Technology|Computers|Computer Services|215.00|US4592001014
INTU|700000005|INTUIT INC|NASDAQ|Technology|Software|Applications Software|640.00|US4612021034
NOW|700000006|SERVICENOW INC|NYSE|Technology|Software|Enterprise Software/Serv|1000.00|US81762P1021
UBER|700000007|UBER TECHNOLOGIES INC|NYSE|Technology|Software|E-Commerce/Services|70.00|US90353T1007
PYPL|700000008|PAYPAL HOLDINGS INC|NASDAQ|Consumer, Non-cyclical|Commercial Services|Commercial Serv-Finance|85.00|US70450Y1038
JPM|1520593|JPMORGAN CHASE & CO|NYSE|Financial|Banks|Diversified Banking Inst|240.00|US46625H1005
BAC|10098|BANK OF AMERICA CORP|NYSE|Financial|Banks|Diversified Banking Inst|46.00|US0605051046
WFC|10375|WELLS FARGO & CO|NYSE|Financial|Banks|Super-Regional Banks-US|74.00|US9497461015
C|87335484|CITIGROUP INC|NYSE|Financial|Banks|Diversified Banking Inst|69.00|US1729674242
GS|4627828|GOLDMAN SACHS GROUP INC|NYSE|Financial|Banks|Diversified Banking Inst|590.00|US38141G1040
MS|2841574|MORGAN STANLEY|NYSE|Financial|Banks|Diversified Banking Inst|130.00|US6174464486
AIG|61319701|AMERICAN INTERNATIONAL GROUP|NYSE|Financial|Insurance|Multi-line Insurance|76.00|US0268747849
MET|700000009|METLIFE INC|NYSE|Financial|Insurance|Multi-line Insurance|83.00|US59156R1086
PRU|700000010|PRUDENTIAL FINANCIAL INC|NYSE|Financial|Insurance|Life/Health Insurance|125.00|US7443201022
AXP|4721|AMERICAN EXPRESS CO|NYSE|Financial|Diversified Finan Serv|Finance-Credit Card|290.00|US0258161092
V|49462172|VISA INC-CLASS A SHARES|NYSE|Financial|Diversified Finan Serv|Finance-Credit Card|310.00|US92826C8394
MA|38685693|MASTERCARD INC - A|NYSE|Financial|Diversified Finan Serv|Finance-Credit Card|520.00|US57636Q1040
BLK|700000011|BLACKROCK INC|NYSE|Financial|Diversified Finan Serv|Invest Mgmnt/Advis Serv|1030.00|US09290D1019
SCHW|700000012|SCHWAB (CHARLES) CORP|NYSE|Financial|Diversified Finan Serv|Finance-Invest Bnkr/Brkr|81.00|US8085131055
USB|700000013|US BANCORP|NYSE|Financial|Banks|Super-Regional Banks-US|51.00|US9029733048
PNC|700000014|PNC FINANCIAL SERVICES GROUP|NYSE|Financial|Banks|Super-Regional Banks-US|205.00|US6934751057
BRK B|72063691|BERKSHIRE HATHAWAY INC-CL B|NYSE|Financial|Insurance|Reinsurance|470.00|US0846707026
JNJ|8719|JOHNSON & JOHNSON|NYSE|Consumer, Non-cyclical|Pharmaceuticals|Medical-Drugs|155.00|US4781601046
PFE|700000015|PFIZER INC|NYSE|Consumer, Non-cyclical|Pharmaceuticals|Medical-Drugs|25.00|US7170811035
MRK|700000016|MERCK & CO. INC.|NYSE|Consumer, Non-cyclical|Pharmaceuticals|Medical-Drugs|98.00|US58933Y1055
ABBV|118089500|ABBVIE INC|NYSE|Consumer, Non-cyclical|Pharmaceuticals|Medical-Drugs|180.00|US00287Y1091
LLY|9160|ELI LILLY & CO|NYSE|Consumer, Non-cyclical|Pharmaceuticals|Medical-Drugs|760.00|US5324571083
UNH|13272|UNITEDHEALTH GROUP INC|NYSE|Consumer, Non-cyclical|Healthcare-Services|Medical-HMO|590.00|US91324P1021
ABT|700000017|ABBOTT LABORATORIES|NYSE|Consumer, Non-cyclical|Healthcare-Products|Medical Products|117.00|US0028241000
TMO|700000018|THERMO FISHER SCIENTIFIC INC|NYSE|Consumer, Non-cyclical|Healthcare-Products|Instruments-Scientific|520.00|US8835561023
AMGN|266093|AMGEN INC|NASDAQ|Consumer, Non-cyclical|Biotechnology|Medical-Biomedical/Gene|285.00|US0311621009
GILD|269753|GILEAD SCIENCES INC|NASDAQ|Consumer, Non-cyclical|Biotechnology|Medical-Biomedical/Gene|90.00|US3755581036
BMY|700000019|BRISTOL-MYERS SQUIBB CO|NYSE|Consumer, Non-cyclical|Pharmaceuticals|Medical-Drugs|57.00|US1101221083
MDT|700000020|MEDTRONIC PLC|NYSE|Consumer, Non-cyclical|Healthcare-Products|Medical Instruments|86.00|IE00BTN1Y115
PG|11017|PROCTER & GAMBLE CO/THE|NYSE|Consumer, Non-cyclical|Cosmetics/Personal Care|Cosmetics&Toiletries|171.00|US7427181091
KO|8894|COCA-COLA CO/THE|NYSE|Consumer, Non-cyclical|Beverages|Beverages-Non-alcoholic|63.00|US1912161007
PEP|700000051|PEPSICO INC|NASDAQ|Consumer, Non-cyclical|Beverages|Beverages-Non-alcoholic|160.00|US7134481081
COST|272997|COSTCO WHOLESALE CORP|NASDAQ|Consumer, Cyclical|Retail|Retail-Discount|930.00|US22160K1051
WMT|13824|WALMART INC|NYSE|Consumer, Cyclical|Retail|Retail-Discount|88.00|US9311421039
TGT|700000021|TARGET CORP|NYSE|Consumer, Cyclical|Retail|Retail-Discount|125.00|US87612E1064
HD|7930|HOME DEPOT INC|NYSE|Consumer, Cyclical|Retail|Retail-Building Products|405.00|US4370761029
LOW|700000022|LOWE'S COS INC|NYSE|Consumer, Cyclical|Retail|Retail-Building Products|265.00|US5486611073
MCD|9408|MCDONALD'S CORP|NYSE|Consumer, Cyclical|Retail|Retail-Restaurants|295.00|US5801351017
SBUX|274105|STARBUCKS CORP|NASDAQ|Consumer, Cyclical|Retail|Retail-Restaurants|98.00|US8552441094
NKE|10291|NIKE INC -CL B|NYSE|Consumer, Cyclical|Apparel|Athletic Footwear|77.00|US6541061031
DIS|6459|WALT DISNEY CO/THE|NYSE|Communications|Media|Multimedia|112.00|US2546871060
CMCSA|267748|COMCAST CORP-CLASS A|NASDAQ|Communications|Media|Cable/Satellite TV|43.00|US20030N1019
T|37018770|AT&T INC|NYSE|Communications|Telecommunications|Telephone-Integrated|23.00|US00206R1023
VZ|700000023|VERIZON COMMUNICATIONS INC|NYSE|Communications|Telecommunications|Telephone-Integrated|43.00|US92343V1044
TMUS|700000024|T-MOBILE US INC|NASDAQ|Communications|Telecommunications|Cellular Telecom|235.00|US8725901040
F|9599491|FORD MOTOR CO|NYSE|Consumer, Cyclical|Auto Manufacturers|Auto-Cars/Light Trucks|11.00|US3453708600
GM|80986742|GENERAL MOTORS CO|NYSE|Consumer, Cyclical|Auto Manufacturers|Auto-Cars/Light Trucks|55.00|US37045V1008
BKNG|700000025|BOOKING HOLDINGS INC|NASDAQ|Communications|Internet|E-Commerce/Services|5100.00|US09857L1089
XOM|13977|EXXON MOBIL CORP|NYSE|Energy|Oil&Gas|Oil Comp-Integrated|119.00|US30231G1022
CVX|5684|CHEVRON CORP|NYSE|Energy|Oil&Gas|Oil Comp-Integrated|160.00|US1667641005
COP|700000026|CONOCOPHILLIPS|NYSE|Energy|Oil&Gas|Oil Comp-Explor&Prodtn|110.00|US20825C1045
SLB|700000027|SCHLUMBERGER LTD|NYSE|Energy|Oil&Gas Services|Oil-Field Services|43.00|AN8068571086
BA|4762|BOEING CO/THE|NYSE|Industrial|Aerospace/Defense|Aerospace/Defense|150.00|US0970231058
CAT|5437|CATERPILLAR INC|NYSE|Industrial|Machinery-Constr&Mining|Machinery-Constr&Mining|385.00|US1491231015
GE|498843743|GENERAL ELECTRIC|NYSE|Industrial|Aerospace/Defense|Aerospace/Defense|180.00|US3696043013
HON|4350|HONEYWELL INTERNATIONAL INC|NASDAQ|Industrial|Electronics|Instruments-Controls|228.00|US4385161066
LMT|700000028|LOCKHEED MARTIN CORP|NYSE|Industrial|Aerospace/Defense|Aerospace/Defense|530.00|US5398301094
RTX|700000029|RTX CORP|NYSE|Industrial|Aerospace/Defense|Aerospace/Defense|119.00|US75513E1010
DE|700000030|DEERE & CO|NYSE|Industrial|Machinery-Diversified|Machinery-Farm|410.00|US2441991054
UPS|700000031|UNITED PARCEL SERVICE-CL B|NYSE|Industrial|Transportation|Transport-Services|134.00|US9113121068
FDX|700000032|FEDEX CORP|NYSE|Industrial|Transportation|Transport-Services|290.00|US31428X1063
UNP|700000033|UNION PACIFIC CORP|NYSE|Industrial|Transportation|Transport-Rail|240.00|US9078181081
MMM|700000034|3M CO|NYSE|Industrial|Miscellaneous Manufactur|Diversified Manufact Op|130.00|US88579Y1010
NEE|700000035|NEXTERA ENERGY INC|NYSE|Utilities|Electric|Electric-Integrated|77.00|US65339F1012
DUK|700000036|DUKE ENERGY CORP|NYSE|Utilities|Electric|Electric-Integrated|114.00|US26441C2044
SO|700000037|SOUTHERN CO/THE|NYSE|Utilities|Electric|Electric-Integrated|88.00|US8425871071
FCX|700000038|FREEPORT-MCMORAN INC|NYSE|Basic Materials|Mining|Metal-Copper|44.00|US35671D8570
NEM|700000039|NEWMONT CORP|NYSE|Basic Materials|Mining|Gold Mining|43.00|US6516391066
LIN|700000040|LINDE PLC|NASDAQ|Basic Materials|Chemicals|Industrial Gases|455.00|IE000S9YS762
AMT|700000041|AMERICAN TOWER CORP|NYSE|Financial|REITS|REITS-Diversified|205.00|US03027X1000
PLD|700000042|PROLOGIS INC|NYSE|Financial|REITS|REITS-Warehouse/Industr|116.00|US74340W1036
SPY|756733|SPDR S&P 500 ETF TRUST|ARCA|Funds|Equity Fund|Growth&Income-Large Cap|590.00|US78462F1030
QQQ|320227571|INVESCO QQQ TRUST SERIES 1|NASDAQ|Funds|Equity Fund|Sector Fund-Technology|500.00|US46090E1038
IWM|9579970|ISHARES RUSSELL 2000 ETF|ARCA|Funds|Equity Fund|Growth&Income-Small Cap|235.00|US4642876555
DIA|73128548|SPDR DJIA TRUST|ARCA|Funds|Equity Fund|Growth&Income-Large Cap|440.00|US78467X1090
VTI|700000043|VANGUARD TOTAL STOCK MKT ETF|ARCA|Funds|Equity Fund|Growth&Income-Large Cap|293.00|US9229087690
VOO|700000044|VANGUARD S&P 500 ETF|ARCA|Funds|Equity Fund|Growth&Income-Large Cap|542.00|US9229083632
EEM|700000045|ISHARES MSCI EMERGING MARKETS|ARCA|Funds|Equity Fund|Emerging Market-Equity|43.00|US4642872349
EFA|700000046|ISHARES MSCI EAFE ETF|ARCA|Funds|Equity Fund|International Equity|77.00|US4642874659
GLD|51529211|SPDR GOLD SHARES|ARCA|Funds|Commodity Fund|Commodity-Precious Metals|245.00|US78463V1070
TLT|700000047|ISHARES 20+ YEAR TREASURY BD|NASDAQ|Funds|Debt Fund|Govt-Long Term|91.00|US4642874329
XLF|700000048|FINANCIAL SELECT SECTOR SPDR|ARCA|Funds|Equity Fund|Sector Fund-Finan Serv|50.00|US81369Y6059
XLE|700000049|ENERGY SELECT SECTOR SPDR|ARCA|Funds|Equity Fund|Sector Fund-Energy|95.00|US81369Y5069
XLK|700000050|TECHNOLOGY SELECT SECT SPDR|ARCA|Funds|Equity Fund|Sector Fund-Technology|232.00|US81369Y8030
`;
